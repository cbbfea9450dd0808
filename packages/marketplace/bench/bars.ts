import type { Result } from './compare.ts'
import { contestantOf } from './contestants.ts'

/** One line about each bar: whether it was met. */
export function verdictsOf(results: readonly Result[]): string[] {
  return results.flatMap(({ name, speed, thrift }) => {
    const { bar } = contestantOf(name)
    if (!bar || speed === undefined || thrift === undefined) return []
    const verdict = speed >= bar.share ? 'met' : 'missed'
    return [
      `${name}: ${speed.toFixed(2)} of the pages/s of '${bar.of}', ${thrift.toFixed(2)} of its pages/CPU s; ${bar.share} is wanted: ${verdict}.`,
    ]
  })
}
