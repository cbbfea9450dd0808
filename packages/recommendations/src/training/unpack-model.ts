import type { Model } from '../model/model.ts'
import { rootScaleValues } from '../model/root-scale.ts'
import type { CandidateOptions } from './candidates.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { createUnpackedModel, itemScalesOf, type UnpackedModel } from './unpacked-model.ts'

/** How to unpack. */
export interface UnpackOptions {
  /** Those that the model was trained with. */
  readonly hyperparameters: Hyperparameters
  readonly candidateOptions: CandidateOptions
  /** The current number of readers of each item, which may be more than when the model was trained. */
  readonly readerCounts: Int32Array
}

/** Unpacks a model, as exact as its bytes are, with room for interactions that came since. */
export function unpackModel(
  model: Model,
  { hyperparameters, candidateOptions, readerCounts }: UnpackOptions,
): UnpackedModel {
  const unpacked = createUnpackedModel(roomsFor(model, readerCounts), candidateOptions)
  const { candidates, weights } = unpacked
  const weightValues = rootScaleValues(model.weightScale)
  const cosineValues = rootScaleValues(model.cosineScale)
  const scales = itemScalesOf(model.readerCounts, hyperparameters.countExponent)

  for (let item = 0; item < model.itemCount; item++) {
    const room = candidates.offsets[item + 1]! - candidates.offsets[item]!
    const count = Math.min(room, model.offsets[item + 1]! - model.offsets[item]!)
    candidates.counts[item] = count

    for (let rank = 0; rank < count; rank++) {
      const from = model.offsets[item]! + rank
      const slot = candidates.offsets[item]! + rank
      const id = model.ids[from]!
      candidates.items[slot] = id
      candidates.cosines[slot] = cosineValues[model.cosines[from]!]!
      weights[slot] = weightValues[model.weights[from]!]! / scales[id]!
    }
  }
  return unpacked
}

/** Room for the current readers, or those of the model if they were more. */
function roomsFor(model: Model, readerCounts: Int32Array) {
  return readerCounts.map((count, item) => Math.max(count, model.readerCounts[item] ?? 0))
}
