import type { Outcome } from './load-process.fixture.ts'

/** Visits that ended alike, in milliseconds. */
export interface Visits {
  /** When each was due, from the beginning of the load. */
  dueMs: number[]
  tookMs: number[]
}

/** The visits of an outcome by how they ended, of those that ended within a time from the beginning of the load. */
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

/** The value that a share of all are not above; not a number where there are none. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN
}

function none(): Visits {
  return { dueMs: [], tookMs: [] }
}
