import { sharedInts } from '../shared-arrays.ts'
import type { Candidates } from './candidates.ts'

/**
 * The candidates transposed: for every item, the items that have it as a candidate, ascending.
 * Those of item `i` are `items[offsets[i]..offsets[i + 1]]`, and `slots` has, beside each, the slot of the pair in the
 * arrays of `Candidates`.
 */
export interface Predictors {
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly slots: Int32Array
}

/** Allocates shared memory for transposing these candidates. */
export function createPredictors({ counts, items }: Candidates): Predictors {
  return { offsets: sharedInts(counts.length + 1), items: sharedInts(items.length), slots: sharedInts(items.length) }
}

/** Transposes the candidates. */
export function fillPredictors(candidates: Candidates, predictors: Predictors) {
  const { offsets, counts, items } = candidates
  predictors.offsets.fill(0)
  for (let item = 0; item < counts.length; item++) {
    const end = offsets[item]! + counts[item]!
    for (let slot = offsets[item]!; slot < end; slot++) predictors.offsets[items[slot]! + 1]!++
  }
  for (let item = 0; item < counts.length; item++) predictors.offsets[item + 1]! += predictors.offsets[item]!

  const next = predictors.offsets.slice()
  for (let item = 0; item < counts.length; item++) {
    const end = offsets[item]! + counts[item]!
    for (let slot = offsets[item]!; slot < end; slot++) {
      const at = next[items[slot]!]!++
      predictors.items[at] = item
      predictors.slots[at] = slot
    }
  }
}
