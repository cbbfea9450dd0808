/** The items from the highest score to the lowest; among equals the lower id first. */
export function rankByScore(scores: ArrayLike<number>): Int32Array {
  return Int32Array.from(scores, (_, item) => item).sort((one, other) => scores[other]! - scores[one]! || one - other)
}

/** One reading, at a time in milliseconds. */
export interface TimedReading {
  readonly item: number
  readonly timeMs: number
}

/** Scores items by how much they are read lately: a reading counts half as much after each half-life. */
export function decayedPopularity(
  readings: Iterable<TimedReading>,
  { itemCount, nowMs, halfLifeMs }: { itemCount: number; nowMs: number; halfLifeMs: number },
): Float64Array {
  const scores = new Float64Array(itemCount)
  for (const { item, timeMs } of readings) scores[item]! += 2 ** (-Math.max(0, nowMs - timeMs) / halfLifeMs)
  return scores
}
