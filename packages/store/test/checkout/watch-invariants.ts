import { setTimeout as delay } from 'node:timers/promises'
import { findViolations, type Violation } from './checker/find-violations.ts'
import type { Stage } from './stage.ts'
import { readTables } from './tables/read-tables.ts'

/** Told what contradicts the invariants. */
export type TellViolations = (violations: readonly Violation[]) => void

const everyMs = 1_000

/** Looks for contradictions again and again while a run goes on, and tells them. Resolves once the signal aborts. */
export async function watchInvariants(stage: Stage, tell: TellViolations, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A call that ends while the tables are read may have changed them.
    const before = structuredClone(stage.shop.history)
    // The server may be down just now.
    const tables = await readTables(stage).catch(() => undefined)
    const history = { ...before, keys: stage.shop.history.keys }
    const violations = tables ? findViolations({ history, tables }, { goesOn: true }) : []
    if (violations.length > 0) tell(violations)
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}
