import type { Liking } from './readers.ts'
import type { Shelves } from './shelves.ts'

const halfLifeMs = 180 * 24 * 60 * 60 * 1000

/**
 * How popular each item is: its likings, of which one counts half as much as another that is half a year newer. Only the
 * order matters, and as everything fades at the same rate, time alone does not change it.
 */
export function popularityOf(shelves: Shelves, likings: Iterable<Liking>): Float64Array {
  const all = [...likings]
  const newest = all.reduce((latest, { time }) => Math.max(latest, time.getTime()), Number.NEGATIVE_INFINITY)
  const popularity = new Float64Array(shelves.books.length)

  for (const { bookId, time } of all) {
    const item = shelves.itemOf(bookId)
    if (item !== undefined) popularity[item]! += 2 ** ((time.getTime() - newest) / halfLifeMs)
  }
  return popularity
}
