import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { Book } from '@books/proto'
import { serve } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { startService } from '@books/service'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { marketplace } from './index.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from './services.fixture.ts'
import { everythingAt, openShop, openShopOver, settingsWith } from './shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the health checks', () => {
  it('answer that it is alive, and ready with or without its backends, whose health they list', async () => {
    const shop = await openShopOver([fakeRecommendations(), fakeInventory()])
    opened.defer(shop.close)

    expect((await shop.app.inject('/healthz')).json()).toEqual({ status: 'ok' })
    // A backend has half a second to answer, and the first time that includes the connection to it.
    let health: Record<string, string>
    do health = (await shop.app.inject('/readyz')).json()
    while (Object.values(health).filter((each) => each === 'serving').length < 2)
    expect(health).toEqual({
      status: 'ready',
      recommendations: 'serving',
      inventory: 'serving',
      articles: 'unreachable',
      accounts: 'unreachable',
      cart: 'unreachable',
      transactions: 'unreachable',
      reviews: 'unreachable',
    })
  })
})

describe('assets', () => {
  it('have URLs that change with their content, and are cached without a limit', async () => {
    const { app } = await openWhole()
    const { body } = await app.inject('/')

    for (const link of ['stylesheet', 'icon']) {
      const path = new RegExp(`<link rel="${link}" href="([^"]+)"`).exec(body)?.[1] ?? ''
      const { statusCode, headers } = await app.inject(path)

      expect(path).toMatch(/\.[0-9a-f]{12}\.(css|svg)$/)
      expect([statusCode, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
    }
  })
})

describe('for crawlers', () => {
  it('the site map lists every public page, and robots.txt excludes the others', async () => {
    const { app } = await openWhole()

    const robots = await app.inject('/robots.txt')
    const sitemap = await app.inject('/sitemap.xml')

    for (const path of [
      '/taste',
      '/sign-up',
      '/sign-in',
      '/reset-password',
      '/account',
      '/cart',
      '/checkout',
      '/orders',
    ])
      expect(robots.body).toContain(`Disallow: ${path}\n`)
    expect(robots.body).toContain('Sitemap: http://localhost:5000/sitemap.xml')
    expect(sitemap.headers['content-type']).toBe('application/xml; charset=utf-8')
    for (const path of ['/', '/categories/science-fiction', '/books/312', '/articles'])
      expect(sitemap.body).toContain(`<loc>http://localhost:5000${path}</loc>`)
    expect(sitemap.body).not.toContain('/search')
  })

  it('pages, robots.txt and the feed name the free port that was taken for PORT=0', async () => {
    const articles = await serve([fakeArticles()])
    opened.defer(articles.stop)
    const settings = settingsWith({ ...everythingAt(articles.port), ARTICLES_DEADLINE_MS: 20_000 })
    const shop = await startService(marketplace, { settings, log: silentLog })
    opened.defer(shop.stop)
    const url = `http://127.0.0.1:${shop.port}`
    const read = async (path: string) => (await fetch(url + path)).text()

    expect(await read('/search')).toContain(`<link rel="canonical" href="${url}/search">`)
    expect(await read('/robots.txt')).toContain(`Sitemap: ${url}/sitemap.xml\n`)
    expect(await read('/articles.atom')).toContain(`href="${url}/articles/5"`)
  })

  it('the site map ends where the inventory is slow, and the next one is longer', async () => {
    let calls = 0
    const listBooks = async () => {
      calls++
      await setTimeout(300)
      return { books: [Book.fromPartial({ id: calls })], nextPageToken: String(calls), totalSize: 1_000_000 }
    }
    const { app, close } = await openShopOver([fakeInventory({ listBooks })], { INVENTORY_DEADLINE_MS: 10_000 })
    opened.defer(close)

    const [first, second] = [await app.inject('/sitemap.xml'), await app.inject('/sitemap.xml')]

    const booksIn = ({ body }: { body: string }) => body.match(/\/books\//g)?.length ?? 0
    expect(booksIn(first)).toBeGreaterThan(0)
    expect(booksIn(second)).toBeGreaterThan(booksIn(first))
    expect(calls).toBeLessThan(20)
  })
})

describe('bad input', () => {
  it.each([
    ['an unknown page', 'GET', '/nothing-here', 404],
    ['a malformed URL', 'GET', '/%zz', 400],
    ['a path traversal', 'GET', '/../../etc/passwd', 404],
    ['a method that the page does not support', 'POST', '/', 404],
    ['a malformed query', 'GET', '/?%zz=%&&&=[]&a[b]=c&__proto__=1', 200],
    ['an unknown shelf', 'GET', '/categories/westerns', 404],
    ['an unknown order', 'GET', '/categories/mystery?sort=colour', 400],
    ['a page before the first', 'GET', '/categories/mystery?page=0', 400],
    ['a page after the last', 'GET', '/categories/mystery?page=99', 404],
    ['an unknown book', 'GET', '/books/99999', 404],
    ['an id that is too large', 'GET', '/books/2147483648', 400],
    ['an id that is not a number', 'GET', '/books/dune', 400],
    ['a query that is too long', 'GET', `/search?q=${'x'.repeat(201)}`, 400],
  ] as const)('answers %s with a page', async (_what, method, url, code) => {
    const { app } = await openWhole()

    const { statusCode, headers, body } = await app.inject({ method, url })

    expect([statusCode, headers['content-type']]).toEqual([code, 'text/html; charset=utf-8'])
    expect(body).toContain('<html lang="en"')
    expect(body).not.toMatch(/\bat .*\.(ts|js):\d+/)
  })

  it('hides the cause of internal errors, and shows the id of the request', async () => {
    const { app } = await openWhole()
    app.addHook('onRequest', async () => {
      throw new Error('password is hunter2')
    })

    const { statusCode, body } = await app.inject('/')

    expect(statusCode).toBe(500)
    expect(body).toContain('That went wrong')
    expect(body).toMatch(/<code>[0-9a-f-]{36}<\/code>/)
    expect(body).not.toContain('hunter2')
  })

  it.each([
    ['bytes that are not HTTP', '\u0000\u0001\u0002 what is this?\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: books\r\n: empty\r\n\r\n'],
    ['a header that never ends', `GET / HTTP/1.1\r\nHost: books\r\nX: ${'x'.repeat(20_000)}`],
  ])('refuses %s and continues to serve', async (_what, bytes) => {
    const shop = await startService(marketplace, { settings: settingsWith(), log: silentLog })
    opened.defer(shop.stop)
    const socket = createConnection(shop.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))

    socket.write(bytes)
    await once(socket, 'close')

    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 4(00|31) /)
    expect((await fetch(`http://127.0.0.1:${shop.port}/healthz`)).status).toBe(200)
  })

  it('opens every page without any backend', async () => {
    const shop = await openShop()
    opened.defer(shop.close)

    for (const path of [
      '/',
      '/categories/mystery',
      '/books/1',
      '/search?q=dune',
      '/taste',
      '/articles',
      '/articles/1',
      '/sitemap.xml',
    ])
      expect((await shop.app.inject(path)).statusCode).toBe(200)
  })
})

async function openWhole() {
  const shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles()])
  opened.defer(shop.close)
  return shop
}
