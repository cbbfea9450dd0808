import type { Result } from './compare.ts'
import { markdownTable } from './markdown-table.ts'

const columns: readonly [title: string, (result: Result) => string][] = [
  ['calls/s', ({ callsPerSecond }) => callsPerSecond.toFixed(0)],
  ['calls/s, of bare', ({ speed }) => speed.toFixed(2)],
  ['CPU µs/call', ({ cpuMicrosPerCall }) => cpuMicrosPerCall.toFixed(1)],
  ['calls/CPU s, of bare', ({ thrift }) => thrift.toFixed(2)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
]

/** The results as a table of Markdown. */
export function tableOf(results: readonly Result[]): string {
  return markdownTable(
    ['', ...columns.map(([title]) => title)],
    results.map((result) => [`${result.side}: ${result.name}`, ...columns.map(([, cell]) => cell(result))]),
  )
}
