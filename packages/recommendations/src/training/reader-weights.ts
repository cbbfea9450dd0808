import type { Interactions } from './interactions.ts'

/**
 * The weight of each reader: (books read)^-exponent, scaled so that the mean over interactions is 1.
 * One of a thousand books says less about a reader than one of ten.
 * Readers with no books, or with more than `longest`, weigh 0.
 */
export function readerWeightsOf(
  { readerCount, readerOffsets }: Interactions,
  { exponent, longest = Infinity }: { exponent: number; longest?: number },
): Float64Array {
  const weights = new Float64Array(readerCount)
  let interactions = 0
  let total = 0

  for (let reader = 0; reader < readerCount; reader++) {
    const length = readerOffsets[reader + 1]! - readerOffsets[reader]!
    if (length === 0 || length > longest) continue
    weights[reader] = length ** -exponent
    interactions += length
    total += length * weights[reader]!
  }

  const scale = total > 0 ? interactions / total : 0
  return weights.map((weight) => weight * scale)
}

/** The sum of its readers' weights, for every item. */
export function weightedCountsOf(
  { itemCount, itemOffsets, itemReaders }: Interactions,
  weights: Float64Array,
): Float64Array {
  const counts = new Float64Array(itemCount)
  for (let item = 0; item < itemCount; item++) {
    for (let at = itemOffsets[item]!; at < itemOffsets[item + 1]!; at++) counts[item]! += weights[itemReaders[at]!]!
  }
  return counts
}
