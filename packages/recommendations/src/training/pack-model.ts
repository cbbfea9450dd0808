import { createItemIds, type Model } from '../model/model.ts'
import { rootScaleOf, toRootByte } from '../model/root-scale.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { type Interactions, readerCountsOf } from './interactions.ts'
import { itemScalesOf, type UnpackedModel } from './unpacked-model.ts'
import type { ValidationFigures } from './validation-split.ts'

/** Which hyperparameters a model was trained with, and the figures that they were chosen by. */
export interface Choice {
  readonly hyperparameters: Hyperparameters
  readonly figures: readonly ValidationFigures[]
}

/** Packs a model for serving. The weights take in the scaling of scores by count; cosines stay as they are. */
export function packModel(
  unpacked: UnpackedModel,
  interactions: Interactions,
  { hyperparameters, figures }: Choice,
): Model {
  const { itemCount, readerCount } = interactions
  const readerCounts = readerCountsOf(interactions)
  const scales = itemScalesOf(readerCounts, hyperparameters.countExponent)
  const rows = createRows(unpacked, scales)
  for (let item = 0; item < itemCount; item++) packRow(unpacked, scales, item, rows)

  const { name } = hyperparameters
  const origin = { hyperparameters: name, figures, readerCount, interactionCount: interactions.readerItems.length }
  return { itemCount, origin, ...rows, readerCounts, borrowed: new Uint8Array(itemCount) }
}

function createRows({ candidates, weights }: UnpackedModel, scales: Float64Array) {
  const { counts, items, cosines } = candidates
  const offsets = new Int32Array(counts.length + 1)
  let largestWeight = 0
  let largestCosine = 0

  for (let item = 0; item < counts.length; item++) {
    offsets[item + 1] = offsets[item]! + counts[item]!
    const start = candidates.offsets[item]!
    for (let slot = start; slot < start + counts[item]!; slot++) {
      largestWeight = Math.max(largestWeight, weights[slot]! * scales[items[slot]!]!)
      largestCosine = Math.max(largestCosine, cosines[slot]!)
    }
  }

  const length = offsets[counts.length]!
  return {
    offsets,
    solvedCounts: new Uint16Array(counts.length),
    ids: createItemIds(counts.length, length),
    weights: new Uint8Array(length),
    weightScale: rootScaleOf(largestWeight),
    cosines: new Uint8Array(length),
    cosineScale: rootScaleOf(largestCosine),
  }
}

/** Writes an item's entries: those with a weight from the front, the others from the back. */
function packRow(unpacked: UnpackedModel, scales: Float64Array, item: number, rows: ReturnType<typeof createRows>) {
  const { offsets, counts, items, cosines } = unpacked.candidates
  let front = rows.offsets[item]!
  let back = rows.offsets[item + 1]! - 1

  for (let slot = offsets[item]!; slot < offsets[item]! + counts[item]!; slot++) {
    const id = items[slot]!
    const weight = toRootByte(unpacked.weights[slot]! * scales[id]!, rows.weightScale)
    const at = weight > 0 ? front++ : back--
    rows.ids[at] = id
    rows.weights[at] = weight
    rows.cosines[at] = toRootByte(cosines[slot]!, rows.cosineScale)
  }
  rows.solvedCounts[item] = front - rows.offsets[item]!
}
