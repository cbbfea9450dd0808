import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { createVisitor, tokenIn } from '../../pages/pages.fixture.ts'
import { paths, routes } from '../../pages/paths.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, type TestShop, type Variables } from '../../shop.fixture.ts'

const shopOnTheWeb = 'https://books.example'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

let shop: TestShop
beforeAll(async () => {
  shop = await openOnTheWeb()
})
afterAll(() => shop.close())

describe('a form', () => {
  it.each([
    ['from a current browser', { 'sec-fetch-site': 'same-origin', origin: shopOnTheWeb }],
    ['from a browser that sends no origin', { 'sec-fetch-site': 'same-origin' }],
    ['from an older browser, which sends only the origin', { origin: shopOnTheWeb }],
    ['from a client that sends neither', {}],
  ])('is accepted %s', async (_from, headers) => {
    const { send } = await openBook()

    const { statusCode, cookies } = await send(headers)

    expect(statusCode).toBe(303)
    expect(cookies.map(({ name }) => name)).toContain('__Host-taste')
  })

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['from another site with the right origin', { 'sec-fetch-site': 'cross-site', origin: shopOnTheWeb }],
    ['with two values of Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin, cross-site' }],
    ['with a foreign origin', { origin: 'https://evil.example' }],
    [
      'with a foreign origin that claims to be same-origin',
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    ],
    ['with the origin of a subdomain', { origin: 'https://www.books.example' }],
    ['with an origin that begins like the shop’s', { origin: 'https://books.example.evil.example' }],
    ['with the shop’s name without TLS', { origin: 'http://books.example', host: 'books.example' }],
    ['with the shop’s name on another port', { origin: 'https://books.example:8443' }],
    ['with an opaque origin', { origin: 'null' }],
    ['with a foreign origin and the same host', { origin: 'https://evil.example', host: 'evil.example' }],
  ])('is refused %s', async (_from, headers) => {
    const { send } = await openBook()

    const { statusCode, body, cookies } = await send(headers)

    expect(statusCode).toBe(403)
    expect(body).toContain('That came from elsewhere')
    expect(cookies).toEqual([])
  })

  it('is accepted in development under every name of the machine', async () => {
    const { send } = await openBook(await open({ PUBLIC_URL: 'http://localhost:5000' }))

    const answers = [
      await send({ origin: 'http://127.0.0.1:5000', host: '127.0.0.1:5000' }),
      await send({ origin: 'http://localhost:5000', host: 'laptop:5000' }),
      await send({ origin: 'http://evil.example', host: 'laptop:5000' }),
    ]

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303, 403])
  })
})

describe('the CSRF token', () => {
  it.each([
    ['is missing', () => ({})],
    ['is empty', () => ({ _csrf: '' })],
    ['is made up', () => ({ _csrf: 'aaaaaaaa-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' })],
    ['is that of another reader', (another: string) => ({ _csrf: another })],
  ])('refuses a form where it %s', async (_how, tokenOf) => {
    const { send } = await openBook()
    const another = await openBook()

    const { statusCode, body, cookies } = await send({}, { verdict: 'liked', ...tokenOf(another.token) })

    expect(statusCode).toBe(403)
    expect(body).toContain('That came from elsewhere')
    expect(cookies).toEqual([])
  })

  it('is checked before the other fields, and is only read from the form', async () => {
    const { send, token } = await openBook()

    const answers = [
      await send({}, { verdict: 'adored' }),
      await send({ 'csrf-token': token, 'x-csrf-token': token }, { verdict: 'liked' }),
      await send({}, { verdict: 'adored', _csrf: token }),
    ]

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 400])
  })

  it('is refused without its cookie', async () => {
    const { token } = await openBook()

    const { statusCode } = await shop.app.inject({
      ...formOf({ verdict: 'liked', _csrf: token }),
      url: paths.preferenceOfBook(5),
      method: 'POST',
    })

    expect(statusCode).toBe(403)
  })
})

describe('every route with another method than GET', () => {
  it('is protected, however it is registered', async () => {
    const app = await open()
    const done = async () => 'done'
    app.post('/plain', done)
    app.route({ method: ['PUT', 'PATCH'], url: '/several', handler: done })
    app.route({ method: 'DELETE', url: '/hooked', preValidation: done, onRequest: [], handler: done })
    await app.register(async (inner) => void inner.post('/inner', done))

    const asked = await Promise.all([
      app.inject({ method: 'POST', url: '/plain' }),
      app.inject({ method: 'PUT', url: '/several' }),
      app.inject({ method: 'PATCH', url: '/several' }),
      app.inject({ method: 'DELETE', url: '/hooked' }),
      app.inject({ method: 'POST', url: '/inner' }),
    ])

    expect(asked.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403, 403])
  })

  it('is one of these', async () => {
    const taken: string[] = []
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      for (const url of Object.values(routes).map((path) =>
        path.replace(':id', '1').replace(':slug', 'mystery').replace(':review', 'one'),
      )) {
        const { statusCode } = await shop.app.inject({ method, url })
        if (statusCode !== 404) taken.push(`${method} ${url} ${statusCode}`)
      }
    }

    const accounts = ['/sign-up', '/sign-in', '/sign-out', '/account', '/account/sessions', '/account/delete']
    const others = ['/account/password', '/account/email', '/reset-password']
    const buying = ['/cart/books/1', '/cart/books/1/quantity', '/checkout', '/orders/1/cancel']
    const reviews = ['/review', '/review/delete', '/reviews/one/vote', '/reviews/one/report']
    expect(taken).toEqual([
      ...reviews.map((path) => `POST /books/1${path} 403`),
      ...['/taste/books/1', '/taste/forget', ...buying].map((path) => `POST ${path} 403`),
      // No form: the payment provider signs what it sends.
      'POST /payments/events 503',
      ...[...accounts, ...others].map((path) => `POST ${path} 403`),
    ])
  })

  it.each([{}, { 'sec-fetch-site': 'cross-site' }])('does not include an unknown URL', async (headers) => {
    const { statusCode, body } = await shop.app.inject({
      ...formOf({ a: 'b' }, headers),
      method: 'POST',
      url: '/nothing',
    })

    expect(statusCode).toBe(404)
    expect(body).toContain('No such page')
  })
})

describe('the rate limit of forms', () => {
  it('refuses the forms of an address, and not its other requests', async () => {
    const app = await open({ FORMS_PER_MINUTE: 3 })

    const codes = await sendFrom(app, Array(4).fill('192.0.2.1'))
    const { headers, body } = await app.inject({ method: 'POST', url: '/taste/forget', remoteAddress: '192.0.2.1' })
    const other = await sendFrom(app, ['192.0.2.2'])
    const reading = await app.inject({ url: '/taste', remoteAddress: '192.0.2.1' })

    expect(codes).toEqual([403, 403, 403, 429])
    expect(body).toContain('One thing at a time')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(other).toEqual([403])
    expect(reading.statusCode).toBe(200)
  })

  it('is the same for all routes', async () => {
    const app = await open({ FORMS_PER_MINUTE: 1 })

    const codes = [
      (await app.inject({ method: 'POST', url: '/taste/forget' })).statusCode,
      (await app.inject({ method: 'POST', url: '/taste/books/1' })).statusCode,
    ]

    expect(codes).toEqual([403, 429])
  })

  it('counts a /64 network of IPv6 as one address', async () => {
    const app = await open({ FORMS_PER_MINUTE: 1 })

    expect(await sendFrom(app, ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'])).toEqual([403, 429, 403])
  })

  it('reads X-Forwarded-For only from trusted proxies', async () => {
    const [direct, proxied] = [
      await open({ FORMS_PER_MINUTE: 1 }),
      await open({ FORMS_PER_MINUTE: 1, TRUSTED_PROXIES: '10.0.0.0/8' }),
    ]
    const visitors = ['198.51.100.1', '198.51.100.2', '198.51.100.2']

    expect(await sendFrom(direct, Array(3).fill('10.0.0.1'), visitors)).toEqual([403, 429, 429])
    expect(await sendFrom(proxied, Array(3).fill('10.0.0.1'), visitors)).toEqual([403, 403, 429])
    expect(await sendFrom(proxied, Array(3).fill('192.0.2.1'), visitors)).toEqual([403, 429, 429])
  })

  it('counts all connections of an address, where a proxy adds the port of each', async () => {
    const app = await open({ FORMS_PER_MINUTE: 1, TRUSTED_PROXIES: '10.0.0.0/8' })
    const visitors = ['198.51.100.1:1001', '198.51.100.1:1002', '[2001:db8::1]:1001', '[2001:db8::1]:1002']

    expect(await sendFrom(app, Array(4).fill('10.0.0.1'), visitors)).toEqual([403, 429, 403, 429])
  })
})

function openOnTheWeb(variables: Variables = {}): Promise<TestShop> {
  return openShopOver([fakeRecommendations(), fakeInventory()], { PUBLIC_URL: shopOnTheWeb, ...variables })
}

async function open(variables: Variables = {}): Promise<FastifyInstance> {
  const { app, close } = await openOnTheWeb(variables)
  opened.defer(close)
  return app
}

/** A visitor who has opened the page of a book. */
async function openBook(app = shop.app) {
  const visitor = createVisitor(app)
  const token = tokenIn((await visitor.open('/books/5')).body)
  return {
    token,
    send: (headers: Record<string, string>, fields: Record<string, string> = { verdict: 'liked', _csrf: token }) =>
      app.inject({
        ...formOf(fields, { cookie: visitor.cookie(), ...headers }),
        method: 'POST',
        url: paths.preferenceOfBook(5),
      }),
  }
}

function formOf(fields: Record<string, string>, headers: Record<string, string> = {}) {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  }
}

async function sendFrom(app: FastifyInstance, addresses: string[], visitors: string[] = []): Promise<number[]> {
  const codes: number[] = []
  for (const [index, remoteAddress] of addresses.entries()) {
    const visitor = visitors[index]
    const headers = visitor === undefined ? {} : { 'x-forwarded-for': visitor }
    const { statusCode } = await app.inject({ method: 'POST', url: '/taste/forget', remoteAddress, headers })
    codes.push(statusCode)
  }
  return codes
}
