import type { Model } from '../model/model.ts'
import { rootScaleValues } from '../model/root-scale.ts'
import type { CandidateOptions } from './candidates.ts'
import type { Recipe } from './hyperparameters.ts'
import type { Draft } from './unpacked-model.ts'
import { createDraft, itemScalesOf } from './unpacked-model.ts'

/** How to unpack. */
export interface UnpackOptions {
  /** The recipe that the model was trained by. */
  readonly recipe: Recipe
  readonly candidateOptions: CandidateOptions
  /** The readers of each item today, of which there may be more than when the model was made. */
  readonly readerCounts: Int32Array
}

/** Turns a model back into a draft, as exact as its bytes are, with room for what has come since. */
export function unpackModel(model: Model, { recipe, candidateOptions, readerCounts }: UnpackOptions): Draft {
  const draft = createDraft(roomsFor(model, readerCounts), candidateOptions)
  const { candidates, weights } = draft
  const weightValues = rootScaleValues(model.weightScale)
  const cosineValues = rootScaleValues(model.cosineScale)
  const scales = itemScalesOf(model.readerCounts, recipe.countExponent)

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
  return draft
}

/** Room by the readers of today, or of the model if they were more. */
function roomsFor(model: Model, readerCounts: Int32Array) {
  return readerCounts.map((count, item) => Math.max(count, model.readerCounts[item] ?? 0))
}
