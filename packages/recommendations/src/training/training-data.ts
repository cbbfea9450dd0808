import type { BookIndex } from '../books/book-index.ts'
import { iterateCooperatively } from '../cooperative-iteration.ts'
import type { Readers } from '../readers/readers.ts'

/** Which items readers like: those of reader `r` are `items[offsets[r]..offsets[r + 1]]`. */
export interface TrainingData {
  itemCount: number
  /** The id of the book that each item is. */
  itemIds: Int32Array
  offsets: Int32Array
  items: Int32Array
}

/** Collects the items of the index that each reader likes. */
export async function trainingDataOf(bookIndex: BookIndex, readers: Readers): Promise<TrainingData> {
  const offsets = [0]
  const items: number[] = []

  for await (const preferences of iterateCooperatively(readers.listPreferences())) {
    for (const [bookId, { preference }] of preferences) {
      const item = preference === 'likes' ? bookIndex.itemOf(bookId) : undefined
      if (item !== undefined) items.push(item)
    }
    if (items.length > offsets.at(-1)!) offsets.push(items.length)
  }

  return {
    itemCount: bookIndex.books.length,
    itemIds: bookIndex.itemIds,
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
  }
}
