import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** The CPU time of a process between two times from now. */
export async function cpuMsOf(pid: number, fromMs: number, toMs: number): Promise<number> {
  await setTimeout(fromMs)
  const before = readCpuMs(pid)
  await setTimeout(toMs - fromMs)
  return readCpuMs(pid) - before
}

// In hundredths of a second; available only on Linux.
function readCpuMs(pid: number): number {
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number)
    return (user + system) * 10
  } catch {
    return Number.NaN
  }
}
