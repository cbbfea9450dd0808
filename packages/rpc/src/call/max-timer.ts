/** The longest delay of a timer in Node, in milliseconds: 24.8 days. A longer one fires at once, and so does one that is no number. */
export const maxTimerMs = 2 ** 31 - 1

/** The value of an option as the delay of a timer, at most `maxTimerMs`. Throws an error that names one that is negative or no number. */
export function timerDelay(option: string, ms: number): number {
  return Math.min(requireDuration(option, ms), maxTimerMs)
}

/** The value of an option that may be Infinity. Throws an error that names one that is negative or no number. */
export function requireDuration(option: string, ms: number): number {
  if (ms >= 0) return ms
  throw new RangeError(`${option} must be a number of milliseconds, not ${ms}`)
}
