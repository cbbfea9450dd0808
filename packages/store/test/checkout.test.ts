import { findPostgres } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { findViolations } from './checkout/checker/find-violations.ts'
import { runCheckouts, shortRun } from './checkout/run-checkouts.ts'

// Each process starts an embedded database of its own, which takes seconds.
const embeddedRun = { ...shortRun, isEmbedded: true, checkouts: 50, customers: 25, kills: 3, pauses: 1 }

// The same choices in every run; which of them meet is up to chance.
describe('checkouts at once, while processes are killed and paused', () => {
  ;(findPostgres() ? it : it.skip)('contradict no invariant on PostgreSQL', () =>
    expectNoViolation(shortRun, 'PostgreSQL'),
  )

  it('contradict no invariant on PGlite', () => expectNoViolation(embeddedRun, 'PGlite'))
})

async function expectNoViolation(options: typeof shortRun, database: string): Promise<void> {
  const run = await runCheckouts(options)

  expect(findViolations(run)).toEqual([])
  expect(run.database).toBe(database)
  expect(run.history.faults).toHaveLength(options.kills + options.pauses)
  const states = new Set(run.tables.orders.map(({ state }) => state))
  expect([...states].toSorted()).toEqual(['cancelled', 'confirmed'])
}
