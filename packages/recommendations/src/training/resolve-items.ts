import type { Model } from '../model/model.ts'
import { createTopItems } from '../model/top-items.ts'
import type { Candidates } from './candidates.ts'
import { createCosineSearch } from './cosine-search.ts'
import { candidateOptions, requireHyperparameters } from './hyperparameters.ts'
import { type Interactions, readerCountsOf } from './interactions.ts'
import { packModel } from './pack-model.ts'
import { createPredictors, fillPredictors } from './predictors.ts'
import { createRidge } from './ridge.ts'
import { unpackModel } from './unpack-model.ts'
import type { UnpackedModel } from './unpacked-model.ts'

/**
 * Solves some items anew, from zero weights, and returns the model with their candidates and weights updated.
 * `interactions` are the current ones, on the model's items and perhaps further ones. Everything else stays as it was
 * until the next training. Runs on the calling thread and takes time in proportion to the model.
 * Borrowed rows are not kept: call `fillNewItemRows` again.
 */
export function resolveItems(model: Model, interactions: Interactions, items: Iterable<number>): Model {
  if (interactions.itemCount < model.itemCount) throw new RangeError('There are fewer items than in the model')
  const hyperparameters = requireHyperparameters(model.origin.hyperparameters)
  const readerCounts = readerCountsOf(interactions)
  const unpacked = unpackModel(model, { hyperparameters, candidateOptions, readerCounts })
  const touched = [...new Set(items)]

  findNeighboursAnew(unpacked, interactions, touched)
  const predictors = createPredictors(unpacked.candidates)
  fillPredictors(unpacked.candidates, predictors)
  const solveItem = createRidge(interactions, predictors, hyperparameters.ridge, unpacked.weights)
  for (const item of touched) solveItem(item)

  return packModel(unpacked, interactions, { hyperparameters, figures: model.origin.figures })
}

/** Updates the rows of the touched items, and their slots in the rows of the others. */
function findNeighboursAnew(unpacked: UnpackedModel, interactions: Interactions, touched: readonly number[]) {
  const { itemCount } = interactions
  const findNearest = createCosineSearch(interactions, candidateOptions, itemCount)
  const all = { items: new Int32Array(itemCount), cosines: new Float32Array(itemCount) }

  for (const item of touched) {
    const count = findNearest(item, itemCount, all, 0)
    replaceRow(unpacked, item, { items: all.items.subarray(0, count), cosines: all.cosines.subarray(0, count) })
    for (let at = 0; at < count; at++) placeInRow(unpacked, all.items[at]!, item, all.cosines[at]!)
  }
}

/** Fills the row of `item` with the nearest of all its neighbours. Known pairs keep their weights. */
function replaceRow(
  { candidates, weights }: UnpackedModel,
  item: number,
  neighbours: { items: Int32Array; cosines: Float32Array },
) {
  const start = candidates.offsets[item]!
  const room = candidates.offsets[item + 1]! - start
  const before = new Map<number, number>()
  for (let slot = start; slot < start + candidates.counts[item]!; slot++) {
    before.set(candidates.items[slot]!, weights[slot]!)
  }

  const best = createTopItems(room)
  for (const [at, neighbour] of neighbours.items.entries()) best.offer(neighbour, neighbours.cosines[at]!)
  const count = best.take(candidates.items, candidates.cosines, start)
  candidates.counts[item] = count
  for (let slot = start; slot < start + count; slot++) weights[slot] = before.get(candidates.items[slot]!) ?? 0
}

/** Writes the cosine of `item` into the row of `owner`, in place of the weakest entry where the row is full. */
function placeInRow({ candidates, weights }: UnpackedModel, owner: number, item: number, cosine: number) {
  const { offsets, counts, items, cosines } = candidates
  const start = offsets[owner]!
  const end = start + counts[owner]!
  const own = items.subarray(start, end).indexOf(item)

  if (own >= 0) {
    cosines[start + own] = cosine
  } else if (end < offsets[owner + 1]!) {
    counts[owner]!++
    write(end)
  } else {
    const weakest = weakestSlot(candidates, owner)
    if (weakest !== undefined && cosine > cosines[weakest]!) write(weakest)
  }

  function write(slot: number) {
    items[slot] = item
    cosines[slot] = cosine
    weights[slot] = 0
  }
}

function weakestSlot({ offsets, counts, cosines }: Candidates, owner: number) {
  let weakest: number | undefined
  for (let slot = offsets[owner]!; slot < offsets[owner]! + counts[owner]!; slot++) {
    if (weakest === undefined || cosines[slot]! < cosines[weakest]!) weakest = slot
  }
  return weakest
}
