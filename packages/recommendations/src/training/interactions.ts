import { sharedInts } from './shared-arrays.ts'

/**
 * Which reader read which items: a binary matrix, stored by reader and by item.
 * The items of reader `r` are `readerItems[readerOffsets[r]..readerOffsets[r + 1]]`, ascending; `itemReaders` likewise.
 * The arrays live in shared memory, so that worker threads read them without a copy.
 */
export interface Interactions {
  readonly readerCount: number
  readonly itemCount: number
  readonly readerOffsets: Int32Array
  readonly readerItems: Int32Array
  readonly itemOffsets: Int32Array
  readonly itemReaders: Int32Array
}

/**
 * Builds the matrix from each reader's list of items, in which repeats count once.
 * Items are numbered from 0; `itemCount` is for catalogues whose last items have no readers.
 */
export function createInteractions(rows: readonly ArrayLike<number>[], itemCount = itemCountOf(rows)): Interactions {
  const sets = rows.map(distinctOf)
  const readerOffsets = sharedInts(rows.length + 1)
  for (const [reader, items] of sets.entries()) readerOffsets[reader + 1] = readerOffsets[reader]! + items.length

  const readerItems = sharedInts(readerOffsets[rows.length]!)
  for (const [reader, items] of sets.entries()) readerItems.set(items, readerOffsets[reader])
  requireItemsInRange(readerItems, itemCount)

  return {
    readerCount: rows.length,
    itemCount,
    readerOffsets,
    readerItems,
    ...byItem(readerOffsets, readerItems, itemCount),
  }
}

/** The items of one reader, as a view on the matrix. */
export function itemsOf({ readerOffsets, readerItems }: Interactions, reader: number): Int32Array {
  return readerItems.subarray(readerOffsets[reader], readerOffsets[reader + 1])
}

/** How many readers each item has. */
export function readerCountsOf({ itemCount, itemOffsets }: Interactions): Int32Array {
  return Int32Array.from({ length: itemCount }, (_, item) => itemOffsets[item + 1]! - itemOffsets[item]!)
}

function distinctOf(row: ArrayLike<number>) {
  return Int32Array.from(row)
    .sort()
    .filter((item, at, sorted) => at === 0 || item !== sorted[at - 1])
}

function byItem(readerOffsets: Int32Array, readerItems: Int32Array, itemCount: number) {
  const itemOffsets = sharedInts(itemCount + 1)
  const itemReaders = sharedInts(readerItems.length)

  for (const item of readerItems) itemOffsets[item + 1]!++
  for (let item = 0; item < itemCount; item++) itemOffsets[item + 1]! += itemOffsets[item]!

  const next = itemOffsets.slice()
  for (let reader = 0; reader + 1 < readerOffsets.length; reader++) {
    for (let at = readerOffsets[reader]!; at < readerOffsets[reader + 1]!; at++) {
      itemReaders[next[readerItems[at]!]!++] = reader
    }
  }

  return { itemOffsets, itemReaders }
}

function itemCountOf(rows: readonly ArrayLike<number>[]) {
  let last = -1
  for (const row of rows) for (let at = 0; at < row.length; at++) last = Math.max(last, row[at]!)
  return last + 1
}

function requireItemsInRange(items: Int32Array, itemCount: number) {
  const invalid = items.find((item) => item < 0 || item >= itemCount)
  if (invalid !== undefined) throw new RangeError(`Item ${invalid} is not between 0 and ${itemCount - 1}`)
}
