import type { Span } from './read-spans.ts'

/**
 * The slowest requests, the slowest first: how long, when, whose, what, and the trace's id. What services do by themselves, such
 * as following each other for hours, is none.
 */
export function slowestTraces(spans: readonly Span[], count: number): string {
  return spans
    .filter(({ isRequest }) => isRequest)
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
