import { markdownTable } from '@books/rpc/bench'
import type { Result } from './compare.ts'

const columns: readonly [title: string, (result: Result) => string][] = [
  ['pages/s', ({ pagesPerSecond }) => pagesPerSecond.toFixed(0)],
  ['CPU µs/page', ({ cpuMicrosPerPage }) => cpuMicrosPerPage.toFixed(0)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
  ['bytes/page', ({ bytesPerPage }) => bytesPerPage.toFixed(0)],
  ['calls/page', ({ callsPerPage }) => callsPerPage.toFixed(2)],
]

/** The results as a Markdown table. */
export function tableOf(results: readonly Result[]): string {
  return markdownTable(
    ['', ...columns.map(([title]) => title)],
    results.map((result) => [result.name, ...columns.map(([, cell]) => cell(result))]),
  )
}
