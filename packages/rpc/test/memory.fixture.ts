/** The memory of a process in bytes. */
export interface Memory {
  /** The resident set, after garbage collection. */
  now: number
  /** The maximum of the resident set since the process started. */
  highest: number
  /** The heap and buffers, after garbage collection. */
  heap: number
}

/** The memory of this process. */
export function memory(): Memory {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { now: rss, highest: process.resourceUsage().maxRSS * 1024, heap: heapUsed + external }
}

/** By how many MiB the maximum of a process' memory grew between two readings. */
export function growthMib(before: Memory, after: Memory): number {
  const highest = after.highest > before.highest ? after.highest : after.now
  return (highest - before.now) / 1024 / 1024
}
