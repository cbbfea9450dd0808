import { unavailable } from '@books/rpc'
import { startTelemetry, type Telemetry } from '@books/runtime'
import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeInventory } from '../services.fixture.ts'
import { openShopOver, type TestShop } from '../shop.fixture.ts'

let telemetry: Telemetry
let shop: TestShop
let isAway = false
beforeEach(async () => {
  telemetry = await startTelemetry(
    { METRICS_PORT: 0, HOST: '127.0.0.1' },
    { name: 'shop', version: '1.2.3', log: silentLog },
  )
  isAway = false
  shop = await openShopOver([fakeInventory({ getBooks: answerOrFail })], { FRESH_MS: 1, STALE_MS: 1, REST_MS: 60_000 })
})
afterEach(async () => {
  await shop.close()
  await telemetry.stop()
})

describe('the metrics of backends', () => {
  it('begin at zero for every backend', async () => {
    const text = await scrape()

    for (const dependency of ['recommendations', 'inventory', 'articles', 'accounts'])
      expect(countsOf(text, dependency)).toEqual({ fresh: 0, remembered: 0, none: 0, isOpen: 0 })
  })

  it('count fresh, cached and missing answers', async () => {
    await shop.app.inject('/books/1')
    isAway = true
    await shop.app.inject('/books/2')
    while (countsOf(await scrape(), 'inventory').remembered === 0) await shop.app.inject('/books/1')

    const { fresh, ...others } = countsOf(await scrape(), 'inventory')
    expect(fresh).toBeGreaterThan(0)
    expect(others).toEqual({ remembered: 1, none: 1, isOpen: 0 })
  })

  it('show that a circuit breaker is open', async () => {
    isAway = true
    for (let id = 1; id <= 12; id++) await shop.app.inject(`/books/${id}`)

    expect(countsOf(await scrape(), 'inventory')).toMatchObject({ fresh: 0, remembered: 0, isOpen: 1 })
  })
})

async function answerOrFail() {
  if (isAway) throw unavailable('away')
  return { books: [], unknownIds: [1] }
}

async function scrape(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()
}

function countsOf(text: string, dependency: string) {
  const read = (name: string, labels = '') =>
    Number(new RegExp(`^${name}\\{dependency="${dependency}"${labels},.*\\} (\\d+)$`, 'm').exec(text)?.[1])
  const answers = (outcome: string) => read('books_source_answers_total', `,outcome="${outcome}"`)
  return {
    fresh: answers('fresh'),
    remembered: answers('remembered'),
    none: answers('none'),
    isOpen: read('books_source_left_alone'),
  }
}
