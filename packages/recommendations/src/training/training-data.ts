import { createItemSearch } from '../books/item-search.ts'
import { preferenceOfCode } from '../readers/interaction.ts'
import type { ReaderRows } from '../readers/reader-rows.ts'

/** Which items readers like: those of reader `r` are `items[offsets[r]..offsets[r + 1]]`, newest first. */
export interface TrainingData {
  itemCount: number
  /** The id of the book that each item is. */
  itemIds: Int32Array
  offsets: Int32Array
  items: Int32Array
  /** Since when a reader likes an item, beside `items`: in milliseconds since 1970, and 0 where it is unknown. */
  times: Float64Array
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
    times: new Float64Array(bookIds.length),
  }
  let [readerCount, size] = [0, 0]

  for (const [row, end] of ends.entries()) {
    for (let at = starts[row]!; at < end; at++) {
      const item = preferenceOfCode(opinions[at]!) === 'likes' ? itemOf(bookIds[at]!) : undefined
      if (item === undefined) continue
      data.items[size] = item
      data.times[size++] = times[at]!
    }
    if (size > data.offsets[readerCount]!) data.offsets[++readerCount] = size
  }
  return {
    ...data,
    offsets: data.offsets.subarray(0, readerCount + 1),
    items: data.items.subarray(0, size),
    times: data.times.subarray(0, size),
  }
}
