import { sharedFloats, sharedInts } from '../shared-arrays.ts'
import { type CosineOptions, createCosineSearch } from './cosine-search.ts'
import type { Interactions } from './interactions.ts'

/** Which candidates an item gets. */
export interface CandidateOptions extends CosineOptions {
  /** Candidates of an item, at most. */
  readonly neighbours: number
  /**
   * Candidates of an item for each of its readers, at most. One reader's list does not justify two hundred neighbours,
   * and this limit keeps the memory of the long tail in proportion to the interactions.
   */
  readonly neighboursPerReader: number
}

/**
 * The nearest items of every item, in no particular order. Those of item `j` have the slots
 * `offsets[j]..offsets[j + 1]` of `items` and `cosines`, of which the first `counts[j]` are in use.
 */
export interface Candidates {
  readonly offsets: Int32Array
  readonly counts: Int32Array
  readonly items: Int32Array
  readonly cosines: Float32Array
}

/** Allocates shared memory for the candidates of items with this many readers. */
export function createCandidates(readerCounts: Int32Array, options: CandidateOptions): Candidates {
  const offsets = sharedInts(readerCounts.length + 1)
  for (const [item, readers] of readerCounts.entries()) {
    offsets[item + 1] = offsets[item]! + Math.min(options.neighbours, options.neighboursPerReader * readers)
  }

  const slotCount = offsets[readerCounts.length]!
  const counts = sharedInts(readerCounts.length)
  return { offsets, counts, items: sharedInts(slotCount), cosines: sharedFloats(slotCount) }
}

/** Returns a function that fills in the candidates of one item. */
export function createCandidateSearch(interactions: Interactions, options: CandidateOptions, candidates: Candidates) {
  const { offsets, counts } = candidates
  const findNearest = createCosineSearch(interactions, options, options.neighbours)

  return function findCandidates(item: number) {
    counts[item] = findNearest(item, offsets[item + 1]! - offsets[item]!, candidates, offsets[item]!)
  }
}
