import { describe, expect, it } from '@jest/globals'
import { findViolations } from './checkout/checker/find-violations.ts'
import { runCheckouts, shortRun } from './checkout/run-checkouts.ts'

describe('500 checkouts at once, while processes are killed and paused', () => {
  // The same choices in every run; which of them meet is up to chance.
  it('contradict no invariant', async () => {
    const run = await runCheckouts(shortRun)

    expect(findViolations(run)).toEqual([])
    expect(run.history.faults).toHaveLength(shortRun.kills + shortRun.pauses)
    const states = new Set(run.tables.orders.map(({ state }) => state))
    expect([...states].toSorted()).toEqual(['cancelled', 'confirmed'])
  })
})
