import { resourceUsage } from 'node:process'

/** The most memory that the process, with all its threads, ever held: in MB of 2^20 bytes. */
export function peakMemoryMb(): number {
  return Math.round(resourceUsage().maxRSS / 1024)
}
