import { silentLog } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { demoReaders, shelves, trainOn } from '../store.fixture.ts'
import { createServing } from './serving.ts'
import type { Grounds } from './snapshot.ts'

const [falcon] = shelves.books
const hawk = { ...falcon!, id: 313, title: 'The Maltese Hawk' }

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('serving', () => {
  it('puts many books that come in a row on the shelves at once', async () => {
    const { serving, used } = create()

    await Promise.all(Array.from({ length: 20 }, (_, index) => serving.putBooks([{ ...hawk, id: 313 + index }])))

    expect(used.map(({ shelves: { books } }) => books.length)).toEqual([332])
    expect(serving.shelves.itemOf(332)).toBe(331)
  })

  it('finds no news in what stands on the shelves or is on its way there', () => {
    const { serving } = create()
    void serving.putBooks([hawk]).catch(() => {})

    const news = serving.newsAmong([{ ...falcon! }, { ...hawk }, { ...hawk, year: 2026 }, { ...hawk, id: 314 }])

    expect(news).toEqual([
      { ...hawk, year: 2026 },
      { ...hawk, id: 314 },
    ])
  })

  it('keeps what is in use where a model is damaged, and goes on from there', async () => {
    const { serving, used } = create()
    await serving.useModel(await trainOn(demoReaders()))

    await expect(serving.useModel(Uint8Array.of(1, 2, 3))).rejects.toThrow('not a model of Books')
    await serving.putBooks([hawk])

    expect(used.map(({ model }) => [model.itemCount, model.origin.readerCount])).toEqual([
      [312, 500],
      [313, 500],
    ])
  })
})

function create() {
  const used: Grounds[] = []
  const serving = createServing({
    shelves,
    readers: demoReaders(),
    use: (grounds) => used.push(grounds),
    log: silentLog,
  })
  closers.push(serving.stop)
  return { serving, used }
}
