import type { BookIndex } from '../books/book-index.ts'
import { iterateCooperatively } from '../cooperative-iteration.ts'
import type { Readers } from '../readers/readers.ts'

const halfLifeMs = 180 * 24 * 60 * 60 * 1000

/**
 * How popular each item is: the sum of its likes, each worth half as much as one that is half a year newer. Only the
 * order matters, and as all likes decay at the same rate, time alone does not change it.
 */
export async function popularityOf(bookIndex: BookIndex, readers: Readers): Promise<Float64Array> {
  const popularity = new Float64Array(bookIndex.books.length)
  const { newest } = readers

  for await (const preferences of iterateCooperatively(readers.listPreferences())) {
    for (const [bookId, { preference, time }] of preferences) {
      const item = preference === 'likes' ? bookIndex.itemOf(bookId) : undefined
      if (item !== undefined) popularity[item]! += 2 ** ((time.getTime() - newest) / halfLifeMs)
    }
  }
  return popularity
}

/** The items from the highest score to the lowest; among equals the lower id first. */
export function rankByScore(scores: ArrayLike<number>): Int32Array {
  return Int32Array.from(scores, (_, item) => item).sort((one, other) => scores[other]! - scores[one]! || one - other)
}
