import { describe, expect, it } from '@jest/globals'
import { runRound } from './run-round.ts'

describe('a round of the benchmark of orders', () => {
  it('measures orders, and replays their statements without a failure', async () => {
    const round = await runRound({ engine: 'PGlite', orders: 4, warmUp: 2, atATime: 2 })

    expect(round.ordersPerSecond).toBeGreaterThan(0)
    expect(round.ceilingPerSecond).toBeGreaterThan(0)
    expect(round.statementsPerOrder).toBeGreaterThan(20)
    expect(round.failedShare).toBe(0)
  })
})
