import { preferenceOfOpinion } from '../readers/interaction.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'

const halfLifeMs = 180 * 24 * 60 * 60 * 1000

/**
 * How popular each item is: the sum of its likes, each worth half as much as one that is half a year newer. Only the
 * order matters, and as all likes decay at the same rate, time alone does not change it.
 */
export function popularityOf(
  { count, itemOf }: { count: number; itemOf(bookId: number): number | undefined },
  { starts, ends, bookIds, times, opinions }: ReaderRows,
): Float64Array {
  const popularity = new Float64Array(count)
  let newest = Number.NEGATIVE_INFINITY
  for (const [row, end] of ends.entries()) if (end > starts[row]!) newest = Math.max(newest, times[starts[row]!]!)

  for (const [row, end] of ends.entries()) {
    for (let at = starts[row]!; at < end; at++) {
      const item = preferenceOfOpinion(opinions[at]!) === 'likes' ? itemOf(bookIds[at]!) : undefined
      if (item !== undefined) popularity[item]! += 2 ** ((times[at]! - newest) / halfLifeMs)
    }
  }
  return popularity
}

/** The items from the highest score to the lowest; among equals the lower id first. */
export function rankByScore(scores: ArrayLike<number>): Int32Array {
  return Int32Array.from(scores, (_, item) => item).sort((one, other) => scores[other]! - scores[one]! || one - other)
}
