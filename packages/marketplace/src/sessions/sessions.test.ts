import { setTimeout } from 'node:timers/promises'
import { invalidArgument, unauthenticated, unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, fakeAccounts } from '../accounts.fixture.ts'
import { createFakeCarts } from '../carts.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { openShopOver } from '../shop.fixture.ts'
import { signIn } from './sign-in.fixture.ts'

const pages = ['/', '/categories/mystery', '/books/5', '/search?q=dune', '/taste', '/nothing', '/account']

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('a session that ended elsewhere', () => {
  it('is refused on every page within five seconds, and its cookies are removed', async () => {
    let hasEnded = false
    const getSession = async () => {
      if (hasEnded) throw unauthenticated('The session has ended')
      return { account: ada, session: undefined }
    }
    // Other answers are remembered for ten minutes.
    const app = await open(fakeAccounts({ getSession }), { FRESH_MS: 600_000, STALE_MS: 600_000 })
    const browser = await signIn(app)
    await browser.say(5, 'liked')
    const cookie = browser.cookie()
    const names = async () => {
      const bodies = await Promise.all(pages.map(async (url) => (await app.inject({ url, headers: { cookie } })).body))
      return pages.filter((_, index) => bodies[index]?.includes('Ada Lovelace'))
    }

    expect(await names()).toEqual(pages)
    hasEnded = true
    const endedAt = performance.now()
    while ((await names()).length > 0) await setTimeout(50)
    const refusedAfterMs = performance.now() - endedAt

    expect(refusedAfterMs).toBeLessThan(5_000)
    const { headers, cookies } = await app.inject({ url: '/account', headers: { cookie } })
    expect(headers.location).toBe('/sign-in?return_to=%2Faccount')
    const removed = cookies.filter(({ value }) => value === '').map(({ name }) => name)
    expect(removed).toEqual(expect.arrayContaining(['session-5000', 'taste-5000']))
  })

  it('is not taken for open because accounts does not answer any more', async () => {
    let isAway = false
    const getSession = async () => {
      if (isAway) throw unavailable('No connection')
      return { account: ada, session: undefined }
    }
    const app = await open(fakeAccounts({ getSession }))
    const browser = await signIn(app)
    await browser.open('/')
    isAway = true

    let body: string
    do body = (await browser.open('/')).body
    while (body.includes('Ada Lovelace'))

    expect(body).toContain('data-fallback="accounts"')
    expect(browser.cookie()).toContain('session-5000=session-1')
  })
})

describe('a page of a reader', () => {
  it.each(['/', '/categories/mystery', '/books/5', '/taste'])(
    'is private, and not that of a guest: %s',
    async (url) => {
      const app = await open()
      const guest = await app.inject(url)

      const headers = { cookie: 'session-5000=session-ada', 'if-none-match': guest.headers['etag'] ?? '"none"' }
      const reader = await app.inject({ url, headers })

      expect([reader.statusCode, reader.body.includes('Ada Lovelace')]).toEqual([200, true])
      expect(reader.headers['cache-control']).toMatch(/^(private, no-cache|no-store)$/)
      expect(guest.body).not.toContain('Ada Lovelace')
    },
  )
})

describe('a cookie that is no session', () => {
  it.each([
    'session-5000=',
    'session-5000=%',
    'session-5000=a b',
    'session-5000="',
    `session-5000=${'a'.repeat(5_000)}`,
    'session-5000=%00',
  ])('is a guest’s: %s', async (cookie) => {
    const { statusCode, body } = await (await open()).inject({ url: '/', headers: { cookie } })

    expect(statusCode).toBe(200)
    expect(body).toContain('Sign in')
  })

  it.each([
    ['the session has ended', unauthenticated('The session has ended')],
    ['it is no token', invalidArgument('session_token', 'is no token')],
  ])('is removed where accounts says that %s', async (_what, error) => {
    const app = await open(fakeAccounts({ getSession: async () => Promise.reject(error) }), {
      PUBLIC_URL: 'https://books.example',
    })

    const { statusCode, cookies } = await app.inject({ url: '/', headers: { cookie: '__Host-session=made-up' } })

    expect(statusCode).toBe(200)
    // Browsers ignore it without these attributes.
    const attributes = { value: '', path: '/', secure: true }
    expect(cookies).toMatchObject([
      { name: '__Host-session', ...attributes },
      { name: '__Host-taste', ...attributes },
      { name: '__Host-cart', ...attributes },
      { name: '__Secure-address', ...attributes, path: '/checkout' },
      { name: '__Secure-order', ...attributes, path: '/orders' },
    ])
  })
})

async function open(accounts = fakeAccounts(), variables = {}) {
  const shop = await openShopOver(
    [accounts, createFakeCarts().service(), fakeRecommendations(), fakeInventory()],
    variables,
  )
  opened.defer(shop.close)
  return shop.app
}
