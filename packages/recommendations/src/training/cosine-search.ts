import { createTopItems, type TopItems } from '../model/top-items.ts'
import type { Interactions } from './interactions.ts'
import { readerWeightsOf, weightedCountsOf } from './reader-weights.ts'

/** How similarity is computed. */
export interface CosineOptions {
  /** Added to the cosine's denominator, so that pairs with few readers rank lower (Bell & Koren 2007). */
  readonly shrink: number
  /** Readers weigh (books read)^-exponent. */
  readonly readerExponent: number
  /** Readers with more books than this are left out: they connect all items with each other, at a quadratic cost. */
  readonly longestHistory: number
}

/** Where found items are written. */
export interface Neighbours {
  readonly items: Int32Array
  readonly cosines: Float32Array
}

/**
 * Returns a function that writes the `limit` items nearest to an item, in no particular order, to place `at` on, and
 * returns how many there are: item-based nearest neighbours by cosine (Sarwar et al. 2001; Deshpande & Karypis 2004),
 * with readers weighted. `limit` is at most `mostNeighbours`.
 */
export function createCosineSearch(interactions: Interactions, options: CosineOptions, mostNeighbours: number) {
  const { readerExponent: exponent, longestHistory: longest, shrink } = options
  const weights = readerWeightsOf(interactions, { exponent, longest })
  const norms = weightedCountsOf(interactions, weights).map(Math.sqrt)
  const together = new Float64Array(interactions.itemCount)
  const touched = new Int32Array(interactions.itemCount)
  const best = createTopItems(mostNeighbours)

  return function findNearest(item: number, limit: number, into: Neighbours, at: number): number {
    const size = countTogether(interactions, weights, item, together, touched)
    best.clear(limit)
    offerCosines({ best, item, shrink, norms, together, touched: touched.subarray(0, size) })
    return best.take(into.items, into.cosines, at)
  }
}

/**
 * Adds up, for every item read by the readers of `item`, the weights of those readers.
 * Writes the sums to `together`, which must be zero, and the items with a sum to `touched`; returns how many.
 */
function countTogether(
  { readerOffsets, readerItems, itemOffsets, itemReaders }: Interactions,
  weights: Float64Array,
  item: number,
  together: Float64Array,
  touched: Int32Array,
) {
  let size = 0
  for (let at = itemOffsets[item]!; at < itemOffsets[item + 1]!; at++) {
    const reader = itemReaders[at]!
    const weight = weights[reader]!
    if (weight === 0) continue

    const end = readerOffsets[reader + 1]!
    for (let other = readerOffsets[reader]!; other < end; other++) {
      const neighbour = readerItems[other]!
      const before = together[neighbour]!
      if (before === 0) touched[size++] = neighbour
      together[neighbour] = before + weight
    }
  }
  return size
}

interface Sums {
  best: TopItems
  item: number
  shrink: number
  norms: Float64Array
  together: Float64Array
  touched: Int32Array
}

/** Offers every touched item but `item` itself, and sets its sum back to zero. */
function offerCosines({ best, item, shrink, norms, together, touched }: Sums) {
  const norm = norms[item]!
  let floor = best.floor()

  together[item] = 0
  for (let at = 0; at < touched.length; at++) {
    const neighbour = touched[at]!
    const cosine = together[neighbour]! / (norm * norms[neighbour]! + shrink)
    together[neighbour] = 0
    if (cosine < floor || neighbour === item) continue
    best.offer(neighbour, cosine)
    floor = best.floor()
  }
}
