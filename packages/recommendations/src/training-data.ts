import type { Readers } from './readers.ts'
import type { Shelves } from './shelves.ts'

/** Who likes what, for a training: the items of reader `r` are `items[offsets[r]..offsets[r + 1]]`. */
export interface TrainingData {
  itemCount: number
  /** The id of the book that each item is. */
  itemIds: Int32Array
  offsets: Int32Array
  items: Int32Array
}

/** Gathers what the readers like of what is on the shelves. */
export function trainingDataOf(shelves: Shelves, readers: Readers): TrainingData {
  const offsets = [0]
  const items: number[] = []
  let last: number | undefined

  for (const { readerId, bookId } of readers.listLikings()) {
    if (readerId !== last && last !== undefined) offsets.push(items.length)
    last = readerId
    const item = shelves.itemOf(bookId)
    if (item !== undefined) items.push(item)
  }
  if (last !== undefined) offsets.push(items.length)

  return {
    itemCount: shelves.books.length,
    itemIds: Int32Array.from(shelves.books, ({ id }) => id),
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
  }
}
