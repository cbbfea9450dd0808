import { StartError } from '@books/runtime'
import { ratingLayouts } from '../src/import/rating-layouts.ts'
import { readFile } from '../src/import/read-file.ts'
import { preferenceOf } from '../src/readers/interaction.ts'
import { createInteractions } from '../src/training/interactions.ts'
import type { Split } from './read-split.ts'

/** The share of a reader's likes that is tested. */
const testedShare = 0.2

/**
 * Reads a file of ratings with times, in a layout that `import` reads, and splits it by time: the newest fifth of each
 * reader's likes is the test part. As in the store, a rating of less than 3 is no like.
 */
export async function splitByTime(file: string): Promise<Split> {
  const readers = new Map<number, Map<string, { item: number; time: number; isLiked: boolean }>>()
  const items = new Map<string, number>()

  for await (const { readerId, bookKey, kind, rating, time } of readFile(file, ratingLayouts)) {
    if (!time) throw new StartError(`${file}: the ratings have no times to split by`)
    const preference = preferenceOf({ kind, rating })
    if (!preference) continue
    const books = readers.get(readerId) ?? new Map()
    readers.set(readerId, books)
    const before = books.get(bookKey)
    if (before && before.time > time.getTime()) continue
    const item = items.get(bookKey) ?? items.size
    items.set(bookKey, item)
    books.set(bookKey, { item, time: time.getTime(), isLiked: preference === 'likes' })
  }

  const histories = [...readers.values()].map((books) => {
    const likes = [...books.values()].filter(({ isLiked }) => isLiked).sort((one, other) => other.time - one.time)
    const newest = Math.floor(testedShare * likes.length)
    const [test, train] = [likes.slice(0, newest), likes.slice(newest)]
    return { test, train, isOrdered: train[0]?.time === train.at(-1)?.time ? 0 : 1 }
  })
  const partOf = (part: 'train' | 'test') =>
    createInteractions(
      histories.map((history) => history[part].map(({ item }) => item)),
      items.size,
      histories.map(({ isOrdered }) => isOrdered),
    )
  return { train: partOf('train'), test: partOf('test') }
}
