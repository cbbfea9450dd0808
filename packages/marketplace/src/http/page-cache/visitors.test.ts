import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { fakeAccounts } from '../../accounts.fixture.ts'
import { createFakeCarts } from '../../carts.fixture.ts'
import { createFakeOrders } from '../../orders.fixture.ts'
import { fakeReviews } from '../../reviews.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type TestShop } from '../../shop.fixture.ts'
import { type CookieNames, cookieNamesOf } from '../cookies.ts'

const cartId = 'c'.repeat(32)
const shared = ['/', '/categories/mystery', '/articles', '/articles/1']

// Every cookie that the shop knows: its value, and what the front page then has of its visitor.
const cookies: Record<keyof CookieNames, { value: (app: FastifyInstance) => string; shown?: RegExp }> = {
  preferences: { value: (app) => app.signCookie('5'), shown: /Because you liked Ender/ },
  session: { value: () => 'session-1', shown: /Ada Lovelace/ },
  cart: { value: (app) => app.signCookie(cartId), shown: /Cart \(3\)/ },
  flash: { value: (app) => app.signCookie('Goodbye, Ada.'), shown: /Goodbye, Ada\./ },
  address: { value: (app) => app.signCookie('anything') },
  order: { value: (app) => app.signCookie('AAAA-1.secret') },
  formSecret: { value: (app) => app.signCookie('secret-of-forms') },
}
const others = (Object.keys(cookies) as (keyof CookieNames)[]).filter((name) => name !== 'formSecret')

let shop: TestShop
let made = 0
beforeAll(async () => {
  const carts = createFakeCarts()
  for (const bookId of [5, 6, 40]) carts.add(cartId, bookId, 1)
  const selling = [fakeAccounts(), carts.service(), createFakeOrders().service(), fakeReviews()]
  shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles(), ...selling], { FRESH_MS: 600_000 })
  shop.app.addHook('preHandler', (_request, _reply, done) => {
    made++
    done()
  })
})
afterAll(() => shop.close())
beforeEach(() => {
  made = 0
})

// Each test has a page that no other one has asked for.
let urls = 0
const newUrl = (path: string) => `${path}?${++urls}`

describe.each(others)('a visitor with the cookie %s', (name) => {
  it.each(shared)('gets a page of their own, and no other visitor gets it: %s', async (path) => {
    const url = newUrl(path)
    const mine = await open(url, name)
    const anonymous = await open(url)
    const again = await open(url, name)
    const anonymousAgain = await open(url)

    expect(made).toBe(3)
    expect([anonymous.statusCode, anonymousAgain.body]).toEqual([200, anonymous.body])
    const { shown } = cookies[name]
    if (!shown) return
    if (path === '/' || name !== 'preferences') for (const { body } of [mine, again]) expect(body).toMatch(shown)
    expect(anonymous.body).not.toMatch(shown)
    expect(anonymous.headers).not.toHaveProperty('set-cookie')
  })

  it.each(['deleted', '""', '%', 'made-up.signature'])('gets one whatever its value is: %s', async (value) => {
    const url = newUrl('/')
    await open(url)

    await shop.app.inject({ url, headers: { cookie: `theme=dark; ${shop.app.cookieNames[name]}=${value}` } })

    expect(made).toBe(2)
  })
})

describe('a visitor with the secret of forms alone', () => {
  it.each(shared)('gets the same page as everyone, which has no token: %s', async (path) => {
    const url = newUrl(path)

    const first = await open(url, 'formSecret')
    const anonymous = await open(url)

    expect(made).toBe(1)
    expect(anonymous.body).toBe(first.body)
    expect(first.body).not.toContain('_csrf')
    expect(first.headers).not.toHaveProperty('set-cookie')
  })

  it('gets a page of their own where it has a form with a token', async () => {
    const first = await open('/books/5', 'formSecret')
    const second = await open('/books/5', 'formSecret')

    expect(made).toBe(2)
    expect(first.body).toContain('name="_csrf"')
    expect(second.body).not.toBe(first.body)
  })
})

describe('the cookies of the shop', () => {
  it.each(['http://localhost:5000', 'https://books.example'])('are all tried here, as named for %s', (publicUrl) => {
    expect(Object.keys(cookieNamesOf(publicUrl)).toSorted()).toEqual(Object.keys(cookies).toSorted())
  })

  it('are none that another site’s or program’s cookies hide', async () => {
    const url = newUrl('/')
    await open(url)

    await shop.app.inject({ url, headers: { cookie: 'theme=dark; consent=all' } })

    expect(made).toBe(1)
  })
})

function open(url: string, name?: keyof CookieNames) {
  const { app } = shop
  const cookie = name && `${app.cookieNames[name]}=${encodeURIComponent(cookies[name].value(app))}`
  return app.inject({ url, headers: { ...(cookie && { cookie }) } })
}
