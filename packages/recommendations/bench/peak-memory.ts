import { resourceUsage } from 'node:process'

/** The peak memory of the process with all its threads, in MB of 2^20 bytes. */
export function peakMemoryMb(): number {
  return Math.round(resourceUsage().maxRSS / 1024)
}
