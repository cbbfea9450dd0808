import type { Outcome } from './load-process.fixture.ts'

/** Visits with the same outcome, in milliseconds. */
export interface Visits {
  /** When each was due, from the start of the load. */
  dueMs: number[]
  tookMs: number[]
}

/** Groups visits by their outcome, of those that ended between two times from the start of the load. */
export function split(outcome: Outcome, fromMs = 0, toMs = Number.POSITIVE_INFINITY) {
  const visits = { served: none(), refused: none(), lost: none() }
  for (const [index, kind] of outcome.kinds.entries()) {
    const [dueMs = 0, tookMs = 0] = [outcome.dueMs[index], outcome.tookMs[index]]
    if (dueMs + tookMs < fromMs || dueMs + tookMs >= toMs) continue
    visits[kind].dueMs.push(dueMs)
    visits[kind].tookMs.push(tookMs)
  }
  return visits
}

/** The percentile of a share (0.99 for p99); NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN
}

function none(): Visits {
  return { dueMs: [], tookMs: [] }
}
