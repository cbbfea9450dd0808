import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { itemsOf } from '../src/training/interactions.ts'
import { splitByTime } from './split-by-time.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'split-by-time-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('splitByTime', () => {
  it('tests the newest fifth of what each reader likes, and has the newest first', async () => {
    const times = [30, 10, 60, 20, 50, 40]
    const lines = times.flatMap((time, book) => [`1,${book + 1},4,${time}`, `2,${book + 1},5,7`])

    const { train, test } = await splitByTime(await ratings(lines))

    // Items are numbered in the order of the file: the book of time 60 is item 2.
    expect([...itemsOf(test, 0)]).toEqual([2])
    expect([...itemsOf(train, 0)]).toEqual([4, 5, 0, 3, 1])
    // Of the second reader all times are the same.
    expect([...train.isOrdered]).toEqual([1, 0])
  })

  it('takes a book for liked by its newest rating, from 3 on', async () => {
    const lines = ['1,1,1,10', '1,2,2.5,10', '1,3,4,10', '1,3,1,20', '1,4,1,10', '1,4,5,20', '1,5,3,30']

    const { train } = await splitByTime(await ratings(lines))

    // Half a star counts as the next whole one, as in an import.
    expect(new Set(itemsOf(train, 0))).toEqual(new Set([1, 3, 4]))
  })

  it('refuses ratings without times', async () => {
    const path = join(folder, 'no-times.csv')
    await writeFile(path, 'user_id,book_id,rating\n1,1,5\n')

    await expect(splitByTime(path)).rejects.toThrow('no-times.csv: the ratings have no times to split by')
  })
})

async function ratings(lines: readonly string[]) {
  const path = join(folder, 'ratings.csv')
  await writeFile(path, ['userId,movieId,rating,timestamp', ...lines, ''].join('\n'))
  return path
}
