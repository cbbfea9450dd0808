import { binarySearch } from '../binary-search.ts'
import { sharedBytes, sharedDoubles, sharedInts } from '../shared-arrays.ts'
import type { Changes } from './changes.ts'
import { arrangeHistory, type History } from './history.ts'

/**
 * What all readers did, as compressed rows in shared memory: row `r` is `starts[r]..starts[r + 1]` of the last three arrays.
 * Its first part, up to `ends[r]`, is the history of the reader; the others are superseded.
 */
export interface ReaderRows extends History {
  /** The readers of the rows, ascending. */
  readonly readerIds: Int32Array
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Rows of no reader. */
export function emptyRows(): ReaderRows {
  return createRows(0, 0)
}

/** The row of a reader; -1 where there is none. */
export function rowOf({ readerIds }: ReaderRows, readerId: number): number {
  return binarySearch(readerIds, readerId, 0, readerIds.length)
}

/** The history of a row, as views. */
export function historyAt({ starts, ends, bookIds, times, opinions }: ReaderRows, row: number): History {
  const [start, end] = [starts[row]!, ends[row]!]
  return {
    bookIds: bookIds.subarray(start, end),
    times: times.subarray(start, end),
    opinions: opinions.subarray(start, end),
  }
}

/** How many changes are packed at once: a key of a change has 22 bits for its place, beside 31 for the reader. */
const packedAtOnce = 2 ** 22

/** The rows with the first `count` changes, which come after what is in the rows. */
export function packRows(rows: ReaderRows, changes: Pick<Changes, 'at'>, count: number): ReaderRows {
  let packed = rows
  for (let from = 0; from < count; from += packedAtOnce) {
    packed = packSome(packed, changes, from, Math.min(count, from + packedAtOnce))
  }
  return packed
}

function packSome(rows: ReaderRows, changes: Pick<Changes, 'at'>, from: number, to: number): ReaderRows {
  const keys = Float64Array.from({ length: to - from }, (_, at) => changes.at(from + at).readerId * packedAtOnce + at)
  keys.sort()
  const readerOf = (key: number) => Math.floor(key / packedAtOnce)
  const next = createRows(rows.readerIds.length + keys.length, rows.bookIds.length + keys.length)
  let [row, key, count, size] = [0, 0, 0, 0]

  while (row < rows.readerIds.length || key < keys.length) {
    const old = rows.readerIds[row] ?? Number.POSITIVE_INFINITY
    const changed = key < keys.length ? readerOf(keys[key]!) : Number.POSITIVE_INFINITY
    next.readerIds[count] = Math.min(old, changed)
    next.starts[count] = size
    if (old < changed) copyRow(row++)
    else {
      const first = key
      while (key < keys.length && readerOf(keys[key]!) === changed) key++
      mergeRow(old === changed ? row++ : -1, first)
    }
    count++
  }
  next.starts[count] = size
  return trimmed(next, count, size)

  function copyRow(from: number) {
    const [start, end] = [rows.starts[from]!, rows.starts[from + 1]!]
    next.ends[count] = size + rows.ends[from]! - start
    next.bookIds.set(rows.bookIds.subarray(start, end), size)
    next.times.set(rows.times.subarray(start, end), size)
    next.opinions.set(rows.opinions.subarray(start, end), size)
    size += end - start
  }

  function mergeRow(old: number, first: number) {
    const added = Array.from(keys.subarray(first, key), (each) => changes.at(from + (each % packedAtOnce)))
    const all = inOrderOfAdding(rows, old, added)
    const { shown, superseded } = arrangeHistory(all)
    next.ends[count] = size + shown.length
    for (const at of shown.concat(superseded)) {
      next.bookIds[size] = all.bookIds[at]!
      next.times[size] = all.times[at]!
      next.opinions[size] = all.opinions[at]!
      size++
    }
  }
}

/** What is in a row, where there is one, and then the changes. */
export function inOrderOfAdding(
  rows: ReaderRows,
  row: number,
  added: readonly { bookId: number; time: number; opinion: number }[],
): History {
  const old = row < 0 ? [] : placesOldestFirst(rows, row)
  return {
    bookIds: Int32Array.from([...old.map((at) => rows.bookIds[at]!), ...added.map(({ bookId }) => bookId)]),
    times: Float64Array.from([...old.map((at) => rows.times[at]!), ...added.map(({ time }) => time)]),
    opinions: Uint8Array.from([...old.map((at) => rows.opinions[at]!), ...added.map(({ opinion }) => opinion)]),
  }
}

function placesOldestFirst({ starts, ends }: ReaderRows, row: number): number[] {
  const [start, shownEnd, end] = [starts[row]!, ends[row]!, starts[row + 1]!]
  const superseded = Array.from({ length: end - shownEnd }, (_, at) => shownEnd + at)
  const shown = Array.from({ length: shownEnd - start }, (_, at) => shownEnd - 1 - at)
  return [...superseded, ...shown]
}

function createRows(rowCount: number, length: number): ReaderRows {
  return {
    readerIds: sharedInts(rowCount),
    starts: sharedInts(rowCount + 1),
    ends: sharedInts(rowCount),
    bookIds: sharedInts(length),
    times: sharedDoubles(length),
    opinions: sharedBytes(length),
  }
}

/** Copies: the rows were laid out for as many readers and books as there are changes. */
function trimmed(rows: ReaderRows, rowCount: number, length: number): ReaderRows {
  if (rowCount === rows.readerIds.length && length === rows.bookIds.length) return rows
  const exact = createRows(rowCount, length)
  exact.readerIds.set(rows.readerIds.subarray(0, rowCount))
  exact.starts.set(rows.starts.subarray(0, rowCount + 1))
  exact.ends.set(rows.ends.subarray(0, rowCount))
  exact.bookIds.set(rows.bookIds.subarray(0, length))
  exact.times.set(rows.times.subarray(0, length))
  exact.opinions.set(rows.opinions.subarray(0, length))
  return exact
}
