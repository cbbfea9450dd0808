import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cookieOf, createVisitor, tokenIn } from '../../pages/pages.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type TestShop } from '../../shop.fixture.ts'

let shop: TestShop
beforeAll(async () => {
  // Answers stay fresh during the tests on a slow machine, too.
  shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles()], { FRESH_MS: 600_000 })
})
afterAll(() => shop.close())

const pages = ['/', '/categories/mystery?page=2', '/search?q=dune', '/search', '/articles', '/articles/1']

describe('Cache-Control', () => {
  it.each(pages.map((url) => [url] as const))('lets browsers store %s and revalidate it', async (url) => {
    const { headers } = await open(url)

    expect(headers['cache-control']).toBe('private, no-cache')
    expect(headers['vary']).toBe('Cookie, Accept-Encoding')
    expect(headers['etag']).toMatch(/^W\/"\w+-\w+"$/)
  })

  it.each([
    ['a page with a form', '/books/5', 200],
    ['a page with forms', '/taste', 200],
    ['an unknown page', '/nothing', 404],
    ['an unknown shelf', '/categories/westerns', 404],
    ['a malformed query', '/categories/mystery?page=x', 400],
    ['a malformed URL', '/%zz', 400],
    ['the liveness check', '/healthz', 200],
    ['the readiness check', '/readyz', 200],
  ] as const)('forbids to store %s', async (_what, url, code) => {
    const { statusCode, headers } = await open(url)

    expect(statusCode).toBe(code)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers).not.toHaveProperty('etag')
  })

  it('forbids to store the answer to a form', async () => {
    const said = await createVisitor(shop.app).say(5, 'liked')

    expect([said.statusCode, said.headers['cache-control']]).toEqual([303, 'no-store'])
  })

  it.each(['/robots.txt', '/sitemap.xml', '/articles.atom'])('lets shared caches store %s', async (url) => {
    const { headers } = await open(url)

    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=300', vary: 'Accept-Encoding' })
    expect(headers['etag']).toMatch(/^W\//)
  })
})

describe('a conditional request', () => {
  it.each([...pages, '/robots.txt', '/sitemap.xml', '/articles.atom'].map((url) => [url] as const))(
    'is answered with 304 while %s is unchanged',
    async (url) => {
      const whole = await open(url)

      const same = await open(url, { 'if-none-match': whole.headers['etag'] })

      expect([same.statusCode, same.body]).toEqual([304, ''])
      for (const name of ['etag', 'cache-control', 'vary']) expect(same.headers[name]).toBe(whole.headers[name])
      for (const name of ['content-type', 'content-length', 'content-encoding'])
        expect(same.headers).not.toHaveProperty([name])
    },
  )

  it('may name several tags, any, the strong form, and may be a HEAD request', async () => {
    const { etag } = (await open('/')).headers
    const strong = String(etag).replace('W/', '')

    const codes = [`"other", ${etag}`, `W/"other" ,${strong}`, '*', strong, `${etag}x`, '"other"', ''].map(
      async (known) => (await open('/', { 'if-none-match': known })).statusCode,
    )
    const head = await shop.app.inject({ method: 'HEAD', url: '/', headers: { 'if-none-match': etag } })

    expect(await Promise.all(codes)).toEqual([304, 304, 304, 304, 200, 200, 200])
    expect(head.statusCode).toBe(304)
  })

  it('is answered with the page once it has changed', async () => {
    const { etag } = (await open('/')).headers
    const cookie = await cookieOf(shop.app, [[5, 'liked']])

    const { statusCode, headers, body } = await open('/', { cookie, 'if-none-match': etag })

    expect([statusCode, headers['etag'] === etag]).toEqual([200, false])
    expect(body).toContain('Chosen by what you told us.')
  })

  it.each([
    ['a page with a form', '/books/5', 200],
    ['an unknown page', '/nothing', 404],
    ['an unknown shelf', '/categories/westerns', 404],
    ['a malformed query', '/categories/mystery?page=x', 400],
  ] as const)('is never answered with 304 for %s', async (_what, url, code) => {
    const { statusCode, body } = await open(url, { 'if-none-match': '*' })

    expect(statusCode).toBe(code)
    expect(body).toContain('</html>')
  })
})

describe('the answer to HEAD', () => {
  it.each(['identity', 'zstd', 'br', 'gzip'])('has the headers of the page with %s encoding', async (encoding) => {
    const headers = { 'accept-encoding': encoding }

    const get = await open('/', headers)
    const head = await shop.app.inject({ method: 'HEAD', url: '/', headers })

    expect([head.statusCode, head.rawPayload.length]).toEqual([200, 0])
    expect(stableHeaders(head.headers)).toEqual(stableHeaders(get.headers))
    expect(Number(head.headers['content-length'])).toBe(get.rawPayload.length)
  })
})

// BREACH: where a compressed page contains both a secret and text of an attacker, its size reveals the secret.
describe('a page with a secret', () => {
  it('has a new token each time, and accepts each of them', async () => {
    const visitor = createVisitor(shop.app)
    const tokens = [tokenIn((await visitor.open('/books/5')).body), tokenIn((await visitor.open('/books/5')).body)]

    const answers = []
    for (const token of tokens) answers.push(await visitor.send('/taste/books/5', { verdict: 'liked', _csrf: token }))

    expect(new Set(tokens).size).toBe(2)
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303])
  })

  it.each(['/', '/books/5', '/taste', '/categories/mystery'])('contains nothing of its query: %s', async (url) => {
    const { body } = await open(`${url}?q=mockingbird&name=mockingbird`)

    expect(body).toContain('</html>')
    expect(body).not.toContain('mockingbird')
  })

  it('is not one that repeats the search', async () => {
    const { body } = await open('/search?q=mockingbird', { cookie: await cookieOf(shop.app, [[5, 'liked']]) })

    expect(body).toContain('mockingbird')
    expect(tokenIn(body)).toBe('')
  })
})

function open(url: string, headers: Record<string, string | string[] | undefined> = {}) {
  return shop.app.inject({ url, headers })
}

/** The headers that do not change with each response. */
function stableHeaders({ date: _date, ...headers }: Record<string, unknown>) {
  return headers
}
