// The 0.975 quantile of the normal distribution: an interval of 95 %.
const z = 1.959964

/**
 * The lower bound of Wilson's score interval of 95 % for the share of readers who found a review helpful: from 0 to 1, and 0 without
 * votes. So one vote of one does not come before ninety of a hundred. E. B. Wilson, "Probable Inference, the Law of Succession, and
 * Statistical Inference", Journal of the American Statistical Association 22 (1927), pages 209 to 212.
 */
export function wilsonLowerBound(helpful: number, notHelpful: number): number {
  const votes = helpful + notHelpful
  if (helpful === 0) return 0
  const share = helpful / votes
  const spread = z * Math.sqrt((share * (1 - share)) / votes + z ** 2 / (4 * votes ** 2))
  return (share + z ** 2 / (2 * votes) - spread) / (1 + z ** 2 / votes)
}
