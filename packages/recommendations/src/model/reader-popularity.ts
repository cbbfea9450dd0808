import type { Shelves } from '../books/shelves.ts'
import { unhurried } from '../cooperative-iteration.ts'
import type { Readers } from '../readers/readers.ts'

const halfLifeMs = 180 * 24 * 60 * 60 * 1000

/**
 * How popular each item is: its likings, of which one counts half as much as another that is half a year newer. Only the
 * order matters, and as everything fades at the same rate, time alone does not change it.
 */
export async function popularityOf(shelves: Shelves, readers: Readers): Promise<Float64Array> {
  const popularity = new Float64Array(shelves.books.length)
  const { newest } = readers

  for await (const opinions of unhurried(readers.listOpinions())) {
    for (const [bookId, { verdict, time }] of opinions) {
      const item = verdict === 'likes' ? shelves.itemOf(bookId) : undefined
      if (item !== undefined) popularity[item]! += 2 ** ((time.getTime() - newest) / halfLifeMs)
    }
  }
  return popularity
}
