import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cookieOf, createVisitor, tokenIn } from '../../pages/pages.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type TestShop } from '../../shop.fixture.ts'

let shop: TestShop
beforeAll(async () => {
  // Nothing is fetched anew meanwhile, however busy the machine is.
  shop = await openShopOver([fakeRecommendations(), fakeInventory(), fakeArticles()], { FRESH_MS: 600_000 })
})
afterAll(() => shop.close())

const pages = ['/', '/categories/mystery?page=2', '/search?q=dune', '/search', '/articles', '/articles/1']

describe('what may be kept of an answer', () => {
  it.each(pages.map((url) => [url] as const))(
    '%s: the page, by a browser that asks whether it is still the same',
    async (url) => {
      const { headers } = await open(url)

      expect(headers['cache-control']).toBe('private, no-cache')
      expect(headers['vary']).toBe('Cookie, Accept-Encoding')
      expect(headers['etag']).toMatch(/^W\/"\w+-\w+"$/)
    },
  )

  it.each([
    ['a page with a form', '/books/5', 200],
    ['a page with forms', '/taste', 200],
    ['a page that there is not', '/nothing', 404],
    ['a shelf that there is not', '/categories/westerns', 404],
    ['a query that makes no sense', '/categories/mystery?page=x', 400],
    ['an address that makes no sense', '/%zz', 400],
    ['whether the process is alive', '/healthz', 200],
    ['whether it is ready', '/readyz', 200],
  ] as const)('nothing of %s', async (_what, url, code) => {
    const { statusCode, headers } = await open(url)

    expect(statusCode).toBe(code)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers).not.toHaveProperty('etag')
  })

  it('nothing of what a form is answered', async () => {
    const said = await createVisitor(shop.app).say(5, 'liked')

    expect([said.statusCode, said.headers['cache-control']]).toEqual([303, 'no-store'])
  })

  it.each(['/robots.txt', '/sitemap.xml', '/articles.atom'])(
    '%s: what is the same for all, by everybody',
    async (url) => {
      const { headers } = await open(url)

      expect(headers).toMatchObject({ 'cache-control': 'public, max-age=300', vary: 'Accept-Encoding' })
      expect(headers['etag']).toMatch(/^W\//)
    },
  )
})

describe('whoever has a page already', () => {
  it.each([...pages, '/robots.txt', '/sitemap.xml', '/articles.atom'].map((url) => [url] as const))(
    'is told that %s is still the same',
    async (url) => {
      const whole = await open(url)

      const same = await open(url, { 'if-none-match': whole.headers['etag'] })

      expect([same.statusCode, same.body]).toEqual([304, ''])
      for (const name of ['etag', 'cache-control', 'vary']) expect(same.headers[name]).toBe(whole.headers[name])
      for (const name of ['content-type', 'content-length', 'content-encoding'])
        expect(same.headers).not.toHaveProperty([name])
    },
  )

  it('may name it among others, as any, by its strong form, and without wanting the page', async () => {
    const { etag } = (await open('/')).headers
    const strong = String(etag).replace('W/', '')

    const codes = [`"other", ${etag}`, `W/"other" ,${strong}`, '*', strong, `${etag}x`, '"other"', ''].map(
      async (known) => (await open('/', { 'if-none-match': known })).statusCode,
    )
    const head = await shop.app.inject({ method: 'HEAD', url: '/', headers: { 'if-none-match': etag } })

    expect(await Promise.all(codes)).toEqual([304, 304, 304, 304, 200, 200, 200])
    expect(head.statusCode).toBe(304)
  })

  it('gets another one once it is another', async () => {
    const { etag } = (await open('/')).headers
    const cookie = await cookieOf(shop.app, [[5, 'liked']])

    const { statusCode, headers, body } = await open('/', { cookie, 'if-none-match': etag })

    expect([statusCode, headers['etag'] === etag]).toEqual([200, false])
    expect(body).toContain('Chosen by what you told us.')
  })

  it.each([
    ['a page with a form', '/books/5', 200],
    ['a page that there is not', '/nothing', 404],
    ['a shelf that there is not', '/categories/westerns', 404],
    ['a query that makes no sense', '/categories/mystery?page=x', 400],
  ] as const)('is never told so of %s', async (_what, url, code) => {
    const { statusCode, body } = await open(url, { 'if-none-match': '*' })

    expect(statusCode).toBe(code)
    expect(body).toContain('</html>')
  })
})

describe('the head of a page', () => {
  it.each(['identity', 'zstd', 'br', 'gzip'])('is that of the page, sent as %s', async (encoding) => {
    const headers = { 'accept-encoding': encoding }

    const get = await open('/', headers)
    const head = await shop.app.inject({ method: 'HEAD', url: '/', headers })

    expect([head.statusCode, head.rawPayload.length]).toEqual([200, 0])
    expect(withoutMoment(head.headers)).toEqual(withoutMoment(get.headers))
    expect(Number(head.headers['content-length'])).toBe(get.rawPayload.length)
  })
})

// What an attacker may have a page say beside a secret tells them, by how well it compresses, what the secret is (BREACH).
describe('a page with a secret', () => {
  it('has another token each time, and takes each of them', async () => {
    const visitor = createVisitor(shop.app)
    const tokens = [tokenIn((await visitor.open('/books/5')).body), tokenIn((await visitor.open('/books/5')).body)]

    const answers = []
    for (const token of tokens) answers.push(await visitor.send('/taste/books/5', { verdict: 'liked', _csrf: token }))

    expect(new Set(tokens).size).toBe(2)
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303])
  })

  it.each(['/', '/books/5', '/taste', '/categories/mystery'])(
    'says nothing that is in the address: %s',
    async (url) => {
      const { body } = await open(`${url}?q=mockingbird&name=mockingbird`)

      expect(body).toContain('</html>')
      expect(body).not.toContain('mockingbird')
    },
  )

  it('is none that says what was typed', async () => {
    const { body } = await open('/search?q=mockingbird', { cookie: await cookieOf(shop.app, [[5, 'liked']]) })

    expect(body).toContain('mockingbird')
    expect(tokenIn(body)).toBe('')
  })
})

function open(url: string, headers: Record<string, string | string[] | undefined> = {}) {
  return shop.app.inject({ url, headers })
}

/** The headers that are the same each time: a policy has another nonce. */
function withoutMoment({ date: _date, 'content-security-policy': _policy, ...headers }: Record<string, unknown>) {
  return headers
}
