/** Exponents of 0.5 to 0.7 were the best on four data sets with times; with 1, too little of a history counts. */
function weightOfRank(rank: number): number {
  return 1 / Math.sqrt(rank)
}

/**
 * The weight of each item of a history whose times are given, newest first: k^-½ for the k-th. Items of the same time share
 * the mean of their weights, and where all times are the same, nothing is known of the order and each weighs 1.
 */
export function recencyWeightsOf(times: ArrayLike<number>, weightOf = weightOfRank): Float64Array {
  const weights = new Float64Array(times.length)
  if (times[0] === times[times.length - 1]) return weights.fill(1)

  for (let start = 0; start < times.length; ) {
    let end = start
    let sum = 0
    do sum += weightOf(++end)
    while (end < times.length && times[end] === times[start])
    weights.fill(sum / (end - start), start, end)
    start = end
  }
  return weights
}
