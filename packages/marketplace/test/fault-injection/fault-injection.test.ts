import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { dependencies } from './dependencies.fixture.ts'
import { faults } from './faults.fixture.ts'
import { judgeCell } from './judge-cell.fixture.ts'
import { cookieSecret } from './pages.fixture.ts'
import { runCell } from './run-cell.fixture.ts'
import { type RunningDependency, startDependency } from './running-dependency.fixture.ts'
import { type ShopProcess, startShop } from './shop-process.fixture.ts'

const budgetMs = 200
// What other processes take of the machine is no fault of the shop. Whoever waits for a slow service waits longer than this.
const marginMs = 5_000

const settings = {
  RECOMMENDATIONS_DEADLINE_MS: budgetMs,
  INVENTORY_DEADLINE_MS: budgetMs,
  ARTICLES_DEADLINE_MS: budgetMs,
  FRESH_MS: 50,
  STALE_MS: 100,
  REST_MS: 100,
  COOKIE_SECRET: cookieSecret,
  // However slow the machine, nobody is turned away.
  BUSY_MS: 600_000,
}
const pace = { visitsPerSecond: 40, healthyMs: 100, troubledMs: 300, settleMs: budgetMs + 500 }

describe('whatever happens behind the shop', () => {
  let running: RunningDependency[]
  let shop: ShopProcess
  beforeAll(async () => {
    running = await Promise.all(dependencies.map(startDependency))
    shop = await startShop(running, settings)
  })
  afterAll(async () => {
    await shop.stop()
    await Promise.all(running.map(({ kill }) => kill()))
  })

  // In each round every dependency is in another kind of trouble; after all rounds each was in every kind.
  it.each(faults.map((_, round) => dependencies.map((__, place) => faults[(round + place * 5) % faults.length]!.name)))(
    'opens every page, says what it lacks and is whole again: %s, %s, %s',
    async (...names) => {
      const troubles = dependencies.map((dependency, place) => ({
        dependency,
        running: running[place]!,
        fault: faults.find(({ name }) => name === names[place])!,
      }))

      const cell = await runCell(shop, troubles, pace)

      const { complaints, wholeAfterMs } = judgeCell(cell, shop)
      expect(complaints).toEqual([])
      expect(wholeAfterMs).toBeLessThan(30_000)
      expect(Math.max(...cell.visits.map(({ tookMs }) => tookMs))).toBeLessThan(budgetMs + marginMs)
    },
  )
})
