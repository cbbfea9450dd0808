/** How long a job waits between two tries. */
export interface RetryDelays {
  /** Before the second try, on average. */
  firstMs: number
  /** The longest on average. */
  longestMs: number
}

/** The delay after a try, numbered from 1: twice the last one, and up to a half more or less, so that jobs spread. */
export function retryDelayMs(attempts: number, { firstMs, longestMs }: RetryDelays, random: () => number): number {
  const averageMs = Math.min(longestMs, firstMs * 2 ** (attempts - 1))
  return averageMs * (0.5 + random())
}
