import { serve } from '@books/rpc/testing'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { fakeAccounts } from '../accounts.fixture.ts'
import { createFakeCarts } from '../carts.fixture.ts'
import { encodePreferences } from '../preferences/preferences.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { openShop } from '../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

it.each([
  ['/search?q=the', 'inventory', /<mark>/],
  ['/books/5', 'inventory', /First published/],
  ['/categories/mystery', 'inventory', /\d+ books/],
  ['/taste', 'inventory', /class="author"/],
  ['/articles', 'articles', /class="article-card"/],
  ['/articles/1', 'articles', /class="prose"/],
  ['/articles.atom', 'articles', /<entry>/],
  ['/api/articles', 'articles', /Letter number 1/],
  ['/account', 'accounts', /Ada Lovelace/],
  ['/cart', 'cart', /Your cart is empty/],
])('%s waits for a slow %s, when the front page is shown without it', async (url, backend, expected) => {
  const { app, arrived, answer } = await openSlowShop(backend)
  const preferences = encodeURIComponent(app.signCookie(encodePreferences(liked)))
  const cookie = `${app.cookieNames.preferences}=${preferences}; ${app.cookieNames.session}=session-1`

  const page = app.inject({ url, headers: { cookie } })
  await arrived
  const home = await app.inject({ url: '/', headers: { cookie } })
  answer()
  const { body } = await page

  expect(home.body).toContain(`data-fallback="${backend}"`)
  expect(body).toMatch(expected)
  // What others enjoyed, with its prices, stands beside the book.
  const [content] = body.split('also-enjoyed-heading')
  expect(content).not.toContain(`data-fallback="${backend}"`)
})

const liked = [{ bookId: 5, verdict: 'liked' as const }]

/** A shop whose backend of this name answers only once it is told to. The secondary content of a page has a millisecond. */
async function openSlowShop(name: string) {
  const arrived = Promise.withResolvers<void>()
  const allowed = Promise.withResolvers<void>()
  const wait = async (_call: unknown, next: () => Promise<void>) => {
    arrived.resolve()
    await allowed.promise
    await next()
  }
  const services = {
    ...{ recommendations: fakeRecommendations(), inventory: fakeInventory() },
    ...{ articles: fakeArticles(), accounts: fakeAccounts() },
    cart: createFakeCarts().service(),
  }
  const variables: Record<string, string | number> = { PAGE_DEADLINE_MS: 200_000 }
  for (const [each, service] of Object.entries(services)) {
    const server = await serve([service], { interceptors: each === name ? [wait] : [] })
    opened.defer(server.stop)
    const prefix = each.toUpperCase()
    Object.assign(variables, { [`${prefix}_HOST`]: '127.0.0.1', [`${prefix}_PORT`]: server.port })
    variables[`${prefix}_DEADLINE_MS`] = each === name ? 1 : 200_000
  }
  const { app, close } = await openShop(variables)
  opened.defer(close)
  return { app, arrived: arrived.promise, answer: allowed.resolve }
}
