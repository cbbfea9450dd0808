import { createTopItems, type TopItems } from '../model/top-items.ts'
import { sharedFloats } from '../shared-arrays.ts'
import { type CandidateOptions, type Candidates, createCandidates } from './candidates.ts'

/** A model before it is packed: the candidates of every item, each with a weight at the same slot. */
export interface UnpackedModel {
  readonly candidates: Candidates
  readonly weights: Float32Array
}

/** Creates an empty unpacked model, in shared memory, for items with this many readers. */
export function createUnpackedModel(readerCounts: Int32Array, options: CandidateOptions): UnpackedModel {
  const candidates = createCandidates(readerCounts, options)
  return { candidates, weights: sharedFloats(candidates.items.length) }
}

/** What an item's scores are multiplied by: its readers^-exponent. */
export function itemScalesOf(readerCounts: Int32Array, exponent: number): Float64Array {
  return Float64Array.from(readerCounts, (count) => Math.max(1, count) ** -exponent)
}

/** What a ranking is computed from. */
export interface RankOptions {
  /** The weights of the unpacked model, or its cosines. */
  readonly values: Float32Array
  readonly scales: Float64Array
  /** The items to rank. */
  readonly rankable: Int32Array
  readonly limit: number
}

/**
 * Returns a function that ranks items for a history, without those in it, to measure unpacked models.
 * Items of the history weigh as given, or 1. The ranking may be shorter than `limit`, and is valid until the next call.
 */
export function createUnpackedRanker({ candidates }: UnpackedModel, { values, scales, rankable, limit }: RankOptions) {
  const scores = new Float64Array(scales.length)
  const best = createTopItems(limit)
  const items = new Int32Array(limit)
  const bestScores = new Float64Array(limit)

  return function rank(history: Int32Array, weights?: Float64Array): Int32Array {
    scores.fill(0)
    addRows(candidates, values, { history, weights }, scores)
    for (let at = 0; at < history.length; at++) scores[history[at]!] = 0

    best.clear(limit)
    offerScores(best, rankable, scores, scales)
    return items.subarray(0, best.takeSorted(items, bestScores))
  }
}

function addRows(
  { offsets, counts, items }: Candidates,
  values: Float32Array,
  { history, weights }: { history: Int32Array; weights: Float64Array | undefined },
  scores: Float64Array,
) {
  for (let at = 0; at < history.length; at++) {
    const weight = weights?.[at] ?? 1
    const start = offsets[history[at]!]!
    const end = start + counts[history[at]!]!
    for (let slot = start; slot < end; slot++) {
      const item = items[slot]!
      scores[item] = scores[item]! + values[slot]! * weight
    }
  }
}

function offerScores(best: TopItems, rankable: Int32Array, scores: Float64Array, scales: Float64Array) {
  let floor = best.floor()
  for (let at = 0; at < rankable.length; at++) {
    const item = rankable[at]!
    const unscaled = scores[item]!
    if (unscaled === 0) continue
    const score = unscaled * scales[item]!
    if (score < floor) continue
    best.offer(item, score)
    floor = best.floor()
  }
}
