/** The memory of a process in bytes. */
export interface Memory {
  /** All of it, its garbage collected. */
  now: number
  /** All of it, at its highest since the process started. */
  highest: number
  /** What its objects and buffers take, garbage collected. */
  heap: number
}

/** How much memory this process has. */
export function memory(): Memory {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { now: rss, highest: process.resourceUsage().maxRSS * 1024, heap: heapUsed + external }
}

/** By how many MiB the memory of a process grew between two looks, at its highest. */
export function growthMib(before: Memory, after: Memory): number {
  const highest = after.highest > before.highest ? after.highest : after.now
  return (highest - before.now) / 1024 / 1024
}
