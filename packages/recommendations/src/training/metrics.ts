/** The share of the `relevant` items that are among the first `k` of the ranking. */
export function recallAt(ranking: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let hits = 0
  for (let rank = 0; rank < Math.min(k, ranking.length); rank++) if (relevant.has(ranking[rank]!)) hits++
  return hits / relevant.size
}

/**
 * Normalized discounted cumulative gain with binary relevance: 1 when the first `k` are all relevant, or all relevant items
 * come first.
 */
export function ndcgAt(ranking: ArrayLike<number>, relevant: ReadonlySet<number>, k: number): number {
  let gain = 0
  let ideal = 0
  for (let rank = 0; rank < k; rank++) {
    const discount = 1 / Math.log2(rank + 2)
    if (rank < ranking.length && relevant.has(ranking[rank]!)) gain += discount
    if (rank < relevant.size) ideal += discount
  }
  return gain / ideal
}
