import type { Span } from './read-spans.ts'

/**
 * A trace as people read it: a line for each span, below the one that it is part of; when it began, how long it took, whose
 * it is, and how it ended. An arrow is a call to somebody else, an exclamation mark a failure.
 */
export function printTrace(spans: readonly Span[]): string {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const startMs = Math.min(...spans.map((span) => span.startMs))
  const serviceWidth = Math.max(...spans.map(({ service }) => service.length))

  const lineOf = (span: Span, depth: number) =>
    [
      `${(span.startMs - startMs).toFixed(1)} ms`.padStart(12),
      `${span.durationMs.toFixed(1)} ms`.padStart(11),
      ` ${span.service.padEnd(serviceWidth)} `,
      `${'  '.repeat(depth)}${span.isCall ? '→ ' : ''}${span.name}${span.outcome && `  ${span.outcome}`}${span.isError ? ' !' : ''}`,
    ].join(' ')
  const linesBelow = (below: readonly Span[], depth: number): string[] =>
    below
      .toSorted((one, other) => one.startMs - other.startMs)
      .flatMap((span) => [
        lineOf(span, depth),
        ...linesBelow(
          spans.filter(({ parentId }) => parentId === span.spanId),
          depth + 1,
        ),
      ])

  // What the first span is part of is the browser's, or has not arrived.
  const first = spans.filter(({ parentId }) => !known.has(parentId))
  return ['       began        took', ...linesBelow(first, 0)].join('\n')
}
