import type { Shelves } from '../books/shelves.ts'
import { unhurried } from '../cooperative-iteration.ts'
import type { Readers } from '../readers/readers.ts'

/** Who likes what, for a training: the items of reader `r` are `items[offsets[r]..offsets[r + 1]]`. */
export interface TrainingData {
  itemCount: number
  /** The id of the book that each item is. */
  itemIds: Int32Array
  offsets: Int32Array
  items: Int32Array
}

/** Gathers what the readers like of what is on the shelves. */
export async function trainingDataOf(shelves: Shelves, readers: Readers): Promise<TrainingData> {
  const offsets = [0]
  const items: number[] = []

  for await (const opinions of unhurried(readers.listOpinions())) {
    for (const [bookId, { verdict }] of opinions) {
      const item = verdict === 'likes' ? shelves.itemOf(bookId) : undefined
      if (item !== undefined) items.push(item)
    }
    if (items.length > offsets.at(-1)!) offsets.push(items.length)
  }

  return {
    itemCount: shelves.books.length,
    itemIds: shelves.itemIds,
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
  }
}
