import type { ItemIds, Model } from './model.ts'
import { rootScaleValues } from './root-scale.ts'

/** The rows of a model with either weights or cosines: row `j` is `starts[j]..ends[j]`, and a byte's value is in `values`. */
export interface ScoreTable {
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly ids: ItemIds
  readonly bytes: Uint8Array
  readonly values: Float64Array
}

/** The learned weights. */
export function weightTableOf({ offsets, solvedCounts, ids, weights, weightScale }: Model): ScoreTable {
  // Not by a function for each item: requests wait for this.
  const ends = new Int32Array(solvedCounts)
  for (let item = 0; item < ends.length; item++) ends[item]! += offsets[item]!
  return { starts: offsets, ends, ids, bytes: weights, values: rootScaleValues(weightScale) }
}

/** The cosines. */
export function cosineTableOf({ offsets, ids, cosines, cosineScale }: Model): ScoreTable {
  return { starts: offsets, ends: offsets.subarray(1), ids, bytes: cosines, values: rootScaleValues(cosineScale) }
}

/** Scores being added up: all zero except those of the first `size` items of `touched`. */
export interface Scores {
  readonly values: Float64Array
  readonly touched: Int32Array
  size: number
}

/** Scores of zero for `itemCount` items. */
export function createScores(itemCount: number): Scores {
  return { values: new Float64Array(itemCount), touched: new Int32Array(itemCount), size: 0 }
}

/** Adds the row of `item`, times a weight above 0, to the scores. */
export function addRow({ starts, ends, ids, bytes, values }: ScoreTable, item: number, weight: number, scores: Scores) {
  const { values: sums, touched } = scores
  const end = ends[item]!
  let size = scores.size

  for (let at = starts[item]!; at < end; at++) {
    const value = values[bytes[at]!]!
    if (value === 0) continue
    const id = ids[at]!
    const before = sums[id]!
    if (before === 0) touched[size++] = id
    sums[id] = before + value * weight
  }
  scores.size = size
}

/** Sets the scores back to zero. */
export function clearScores(scores: Scores) {
  for (let at = 0; at < scores.size; at++) scores.values[scores.touched[at]!] = 0
  scores.size = 0
}
