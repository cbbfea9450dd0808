import type { ItemIds, Model } from './model.ts'

/** The rows of a model with either weights or cosines: row `j` is `starts[j]..ends[j]`, and a value is `byte² × scale`. */
export interface ScoreTable {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly ids: ItemIds
  readonly bytes: Uint8Array
  readonly scale: number
  /** The largest byte of a row that was asked for; 0 for others. */
  readonly largest: Uint8Array
}

/** The learned weights. */
export function weightTableOf({ offsets, solvedCounts, ids, weights, weightScale }: Model): ScoreTable {
  // Not by a function for each item: requests wait for this.
  const ends = new Int32Array(solvedCounts)
  for (let item = 0; item < ends.length; item++) ends[item]! += offsets[item]!
  return { starts: offsets, ends, ids, bytes: weights, scale: weightScale, largest: new Uint8Array(ends.length) }
}

/** The cosines. */
export function cosineTableOf({ offsets, ids, cosines, cosineScale, itemCount }: Model): ScoreTable {
  const ends = offsets.subarray(1)
  return { starts: offsets, ends, ids, bytes: cosines, scale: cosineScale, largest: new Uint8Array(itemCount) }
}

/** The largest byte of a row. */
export function largestOf({ starts, ends, bytes, largest }: ScoreTable, item: number): number {
  let found = largest[item]!
  if (found > 0) return found
  for (let at = starts[item]!; at < ends[item]!; at++) found = Math.max(found, bytes[at]!)
  largest[item] = found
  return found
}

/** Items of a history, newest first, and how much the row of each counts, which is at most as much as the row before. */
export interface WeightedItems {
  readonly items: readonly number[]
  readonly weights: Float64Array
}

/** Adds the weighted rows of some items to the scores of all items. Returns how many entries these rows have. */
export function addRows(
  { starts, ends, ids, bytes, scale }: ScoreTable,
  { items, weights }: WeightedItems,
  scores: Float64Array,
): number {
  let entries = 0
  for (let each = 0; each < items.length; each++) {
    const start = starts[items[each]!]!
    const end = ends[items[each]!]!
    const weight = scale * weights[each]!
    // Most of the time of a request is spent here: without a branch, and with an assignment that finds its element once.
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      scores[ids[at]!]! += byte * byte * weight
    }
    entries += end - start
  }
  return entries
}
