import { sharedBytes, sharedInts } from '../shared-arrays.ts'

/**
 * Which reader read which items: a binary matrix, stored by reader and by item.
 * The items of reader `r` are `readerItems[readerOffsets[r]..readerOffsets[r + 1]]`; `itemReaders` likewise, ascending.
 * The arrays live in shared memory, so that worker threads read them without a copy.
 */
export interface Interactions {
  readonly readerCount: number
  readonly itemCount: number
  readonly readerOffsets: Int32Array
  readonly readerItems: Int32Array
  /** 1 for each reader whose items are newest first, 0 where their order says nothing. */
  readonly isOrdered: Uint8Array
  readonly itemOffsets: Int32Array
  readonly itemReaders: Int32Array
}

/**
 * Builds the matrix from each reader's list of items, in which the first of several repeats counts.
 * Items are numbered from 0; `itemCount` is for catalogues whose last items have no readers. `isOrdered` has a 1 for each
 * list that is newest first, and is all 0 by default.
 */
export function createInteractions(
  rows: readonly ArrayLike<number>[],
  itemCount = itemCountOf(rows),
  isOrdered: ArrayLike<number> = [],
): Interactions {
  const readerOffsets = sharedInts(rows.length + 1)
  const lastReaders = new Int32Array(itemCount).fill(-1)
  for (const [reader, row] of rows.entries()) {
    let distinct = 0
    for (let at = 0; at < row.length; at++) {
      requireItemInRange(row[at]!, itemCount)
      if (lastReaders[row[at]!] === reader) continue
      lastReaders[row[at]!] = reader
      distinct++
    }
    readerOffsets[reader + 1] = readerOffsets[reader]! + distinct
  }

  const readerItems = sharedInts(readerOffsets[rows.length]!)
  lastReaders.fill(-1)
  for (const [reader, row] of rows.entries()) {
    let next = readerOffsets[reader]!
    for (let at = 0; at < row.length; at++) {
      if (lastReaders[row[at]!] === reader) continue
      lastReaders[row[at]!] = reader
      readerItems[next++] = row[at]!
    }
  }

  const ordered = sharedBytes(rows.length)
  ordered.set(isOrdered)
  return {
    readerCount: rows.length,
    itemCount,
    readerOffsets,
    readerItems,
    isOrdered: ordered,
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

function requireItemInRange(item: number, itemCount: number) {
  if (item < 0 || item >= itemCount) throw new RangeError(`Item ${item} is not between 0 and ${itemCount - 1}`)
}
