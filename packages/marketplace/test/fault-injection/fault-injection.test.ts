import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { dependencies } from './dependencies.fixture.ts'
import { evaluateCell } from './evaluate-cell.fixture.ts'
import { faults } from './faults.fixture.ts'
import { cookieSecret } from './pages.fixture.ts'
import { runCell } from './run-cell.fixture.ts'
import { type RunningDependency, startDependency } from './running-dependency.fixture.ts'
import { type ShopProcess, startShop } from './shop-process.fixture.ts'

const secondaryMs = 500
const pageMs = 1_000
// For other load of the machine; still less than the answers of a slow service take.
const marginMs = 5_000

const settings = {
  RECOMMENDATIONS_DEADLINE_MS: secondaryMs,
  INVENTORY_DEADLINE_MS: secondaryMs,
  ARTICLES_DEADLINE_MS: secondaryMs,
  ACCOUNTS_DEADLINE_MS: secondaryMs,
  CART_DEADLINE_MS: secondaryMs,
  TRANSACTIONS_DEADLINE_MS: secondaryMs,
  REVIEWS_DEADLINE_MS: secondaryMs,
  PAGE_DEADLINE_MS: pageMs,
  FRESH_MS: 50,
  STALE_MS: 100,
  REST_MS: 100,
  COOKIE_SECRET: cookieSecret,
  // No load shedding, however slow the machine is.
  BUSY_MS: 600_000,
}
const pace = { visitsPerSecond: 40, healthyMs: 100, faultyMs: 300, settleMs: pageMs + 500 }

describe('the shop under faults of its backends', () => {
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

  // Each round injects another fault into each dependency, and all rounds inject every fault into every dependency.
  it.each(faults.map((_, round) => dependencies.map((__, place) => faults[(round + place * 5) % faults.length]!.name)))(
    'opens every page, marks fallbacks and recovers: %s, %s, %s, %s, %s, %s, %s',
    async (...names) => {
      const injections = dependencies.map((dependency, place) => ({
        dependency,
        running: running[place]!,
        fault: faults.find(({ name }) => name === names[place])!,
      }))

      const cell = await runCell(shop, injections, pace)

      const { failures, recoveredAfterMs } = evaluateCell(cell, shop)
      expect(failures).toEqual([])
      expect(recoveredAfterMs).toBeLessThan(30_000)
      expect(Math.max(...cell.visits.map(({ tookMs }) => tookMs))).toBeLessThan(pageMs + marginMs)
    },
  )
})
