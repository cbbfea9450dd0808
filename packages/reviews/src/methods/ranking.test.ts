import { describe, expect, it } from '@jest/globals'
import type { Ranked } from '../stores/rating-store.ts'
import { createRanking } from './ranking.ts'

describe('the ranking', () => {
  it('is read once for calls at the same time, and kept for half a second', async () => {
    const { ranking, reads, pass } = open()

    await Promise.all([ranking.list(0), ranking.list(1)])
    pass(499)
    await ranking.list(0)
    expect(reads).toHaveLength(1)

    pass(1)
    expect(await ranking.list(0)).toEqual([2])
    expect(reads).toHaveLength(2)
  })

  it('is kept for twenty times as long as it took to read', async () => {
    const { ranking, reads, pass } = open({ takesMs: 100 })

    await ranking.list(0)
    pass(1_999)
    await ranking.list(0)
    expect(reads).toHaveLength(1)

    pass(1)
    await ranking.list(0)
    expect(reads).toHaveLength(2)
  })

  it('is read again after it could not be read', async () => {
    const { ranking, reads, fail } = open()
    fail(new Error('no database'))
    await expect(ranking.list(0)).rejects.toThrow('no database')
    fail(undefined)

    expect(await ranking.list(0)).toEqual([2])
    expect(reads).toHaveLength(2)
  })

  it('has no books of a category without ratings', async () => {
    expect(await open().ranking.list(12)).toEqual([])
  })
})

/** A ranking whose first book is the number of the reading. */
function open({ takesMs = 0 } = {}) {
  const reads: number[] = []
  let [nowMs, error]: [number, Error | undefined] = [0, undefined]
  const read = async (): Promise<Ranked[]> => {
    reads.push(nowMs)
    nowMs += takesMs
    if (error) throw error
    return [
      { category: null, book_ids: [reads.length] },
      { category: 1, book_ids: [7] },
    ]
  }
  return {
    ranking: createRanking(read, () => nowMs),
    reads,
    pass(ms: number) {
      nowMs += ms
    },
    fail(next: Error | undefined) {
      error = next
    },
  }
}
