/** The memory of a process in bytes: now, its garbage collected, and at its highest since it started. */
export interface Memory {
  now: number
  highest: number
}

/** How much memory this process has. */
export function memory(): Memory {
  globalThis.gc?.()
  return { now: process.memoryUsage.rss(), highest: process.resourceUsage().maxRSS * 1024 }
}

/** By how many MiB the memory of a process grew between two looks, at its highest. */
export function growthMib(before: Memory, after: Memory): number {
  const highest = after.highest > before.highest ? after.highest : after.now
  return (highest - before.now) / 1024 / 1024
}
