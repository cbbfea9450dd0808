import type { Span } from './read-spans.ts'

/** The slowest requests that were not part of another one, the slowest first: how long, when, whose, what, and the trace's id. */
export function slowestTraces(spans: readonly Span[], count: number): string {
  const known = new Set(spans.map(({ spanId }) => spanId))
  return spans
    .filter(({ parentId }) => !known.has(parentId))
    .toSorted((one, other) => other.durationMs - one.durationMs)
    .slice(0, count)
    .map(({ durationMs, startMs, service, name, outcome, traceId }) =>
      [
        `${durationMs.toFixed(1)} ms`.padStart(12),
        ` ${new Date(startMs).toISOString()} `,
        traceId,
        ` ${service}: ${name}${outcome && `  ${outcome}`}`,
      ].join(' '),
    )
    .join('\n')
}
