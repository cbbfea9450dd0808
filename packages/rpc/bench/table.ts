import type { Result } from './compare.ts'

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
  const rows = [
    ['', ...columns.map(([title]) => title)],
    ...results.map((result) => [`${result.side}: ${result.name}`, ...columns.map(([, cell]) => cell(result))]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[0] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`

  const [head = [], ...body] = rows
  return [line(head), rule, ...body.map(line)].join('\n')
}
