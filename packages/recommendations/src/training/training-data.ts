import { createItemSearch } from '../books/item-search.ts'
import { preferenceOfOpinion } from '../readers/interaction.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'

/** Which items readers like: those of reader `r` are `items[offsets[r]..offsets[r + 1]]`. */
export interface TrainingData {
  itemCount: number
  /** The id of the book that each item is. */
  itemIds: Int32Array
  offsets: Int32Array
  items: Int32Array
  /** 1 for each reader whose items are newest first, 0 where all have the same time, as after an import without times. */
  isOrdered: Uint8Array
}

/** Collects the items that each reader likes. */
export function trainingDataOf(itemIds: Int32Array, rows: ReaderRows): TrainingData {
  const { starts, ends, bookIds, times, opinions } = rows
  const itemOf = createItemSearch(itemIds)
  const data = {
    itemCount: itemIds.length,
    itemIds,
    offsets: new Int32Array(ends.length + 1),
    items: new Int32Array(bookIds.length),
    isOrdered: new Uint8Array(ends.length),
  }
  let [readerCount, size] = [0, 0]

  for (const [row, end] of ends.entries()) {
    let newest: number | undefined
    for (let at = starts[row]!; at < end; at++) {
      const item = preferenceOfOpinion(opinions[at]!) === 'likes' ? itemOf(bookIds[at]!) : undefined
      if (item === undefined) continue
      data.items[size++] = item
      newest ??= times[at]!
      if (times[at]! < newest) data.isOrdered[readerCount] = 1
    }
    if (size > data.offsets[readerCount]!) data.offsets[++readerCount] = size
  }
  return {
    ...data,
    offsets: data.offsets.subarray(0, readerCount + 1),
    items: data.items.subarray(0, size),
    isOrdered: data.isOrdered.subarray(0, readerCount),
  }
}
