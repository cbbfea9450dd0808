import { once } from 'node:events'
import { createConnection } from 'node:net'
import { silentLog } from '@books/runtime/testing'
import { startService } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { marketplace } from '../../index.ts'
import { createVisitor } from '../../pages/pages.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, settingsWith, type TestShop } from '../../shop.fixture.ts'
import { scan, scoreOf } from './observatory.fixture.ts'

let shop: TestShop
let development: TestShop
beforeAll(async () => {
  const services = [fakeRecommendations(), fakeInventory(), fakeArticles()]
  shop = await openShopOver(services, { PUBLIC_URL: 'https://books.example' })
  development = await openShopOver(services)
})
afterAll(async () => {
  await shop.close()
  await development.close()
})

const policy =
  "default-src 'none';script-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'"

const form = 'application/x-www-form-urlencoded'

describe('every response', () => {
  it.each([
    ['the front page', 200, { url: '/' }],
    ['a shelf', 200, { url: '/categories/mystery' }],
    ['a book', 200, { url: '/books/5' }],
    ['a search', 200, { url: '/search?q=dune' }],
    ['the preferences', 200, { url: '/taste' }],
    ['the journal', 200, { url: '/articles' }],
    ['an article', 200, { url: '/articles/1' }],
    ['the feed', 200, { url: '/articles.atom' }],
    ['the answer to HEAD', 200, { method: 'HEAD', url: '/' }],
    ['an unknown page', 404, { url: '/nothing' }],
    ['a malformed URL', 400, { url: '/%zz' }],
    ['a malformed query', 400, { url: '/categories/mystery?page=x' }],
    ['a part of a URL that is too long', 414, { url: `/categories/${'x'.repeat(200)}` }],
    ['a URL that is too long', 414, { url: `/search?q=${'x'.repeat(5_000)}` }],
    ['a form without a token', 403, { method: 'POST', url: '/taste/forget' }],
    [
      'a form that is too large',
      413,
      { method: 'POST', url: '/taste/forget', body: 'x'.repeat(5_000), headers: { 'content-type': form } },
    ],
    [
      'a body that is not a form',
      415,
      { method: 'POST', url: '/taste/forget', body: '{}', headers: { 'content-type': 'application/json' } },
    ],
  ] as const)('has security headers: %s', async (_what, code, request) => {
    const { statusCode, headers } = await shop.app.inject(request)

    expect(statusCode).toBe(code)
    // The page of a book has the hash of its data, which is tested there.
    const found = String(headers['content-security-policy']).replace(/'sha256-[^']+'/, "'none'")
    expect(found).toBe(`${policy};upgrade-insecure-requests`)
    expect(headers).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    })
    expect(headers).not.toHaveProperty('x-powered-by')
  })

  it.each([
    ['bytes that are not HTTP', 'what is this?\r\n\r\n', 400, 'We did not understand that'],
    [
      'headers that are too long',
      `GET / HTTP/1.1\r\nHost: books\r\nCookie: ${'x'.repeat(20_000)}`,
      431,
      'That is too much',
    ],
  ])('has them for %s, and a page', async (_what, bytes, code, heading) => {
    const settings = settingsWith({ PUBLIC_URL: 'https://books.example' })
    const listening = await startService(marketplace, { settings, log: silentLog })
    const socket = createConnection(listening.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))

    socket.write(bytes)
    await once(socket, 'close')
    await listening.stop()

    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${code} \\w`))
    expect(head).toContain(`content-security-policy: ${policy};upgrade-insecure-requests\r\n`)
    expect(Number(/^content-length: (\d+)/m.exec(head)?.[1])).toBe(Buffer.byteLength(body))
    expect(body).toContain(`<h1>${heading}</h1>`)
  })

  it.each(['/', '/search', '/articles'])('is the same for each visit, so that it can be kept: %s', async (url) => {
    const [first, second] = [await shop.app.inject(url), await shop.app.inject(url)]

    const { date: _first, ...headers } = first.headers
    const { date: _second, ...again } = second.headers
    expect([second.body, again]).toEqual([first.body, headers])
  })

  it('does not require TLS where the shop has none', async () => {
    const { headers } = await development.app.inject('/')

    expect(headers['content-security-policy']).toBe(policy)
    expect(headers).not.toHaveProperty('strict-transport-security')
  })

  it('lets other sites show the preview picture', async () => {
    const { body } = await shop.app.inject('/')
    const [, picture = ''] = /og:image" content="https:\/\/books.example([^"]+)"/.exec(body) ?? []

    const { headers } = await shop.app.inject(picture)

    expect(headers).toMatchObject({ 'content-type': 'image/png', 'cross-origin-resource-policy': 'cross-origin' })
  })
})

describe('the HTTP Observatory', () => {
  it('gives the highest score of pages without scripts', async () => {
    const { score, points } = await scan(shop.app, '/')

    expect(score).toBeGreaterThanOrEqual(130)
    expect(points).toEqual({
      'content-security-policy': 10,
      cookies: 0,
      'cross-origin-resource-sharing': 0,
      redirection: 0,
      'referrer-policy': 5,
      'strict-transport-security': 0,
      'subresource-integrity': 0,
      'x-content-type-options': 0,
      'x-frame-options': 5,
      'cross-origin-resource-policy': 10,
    })
  })

  it('gives five points more for the cookies of a page', async () => {
    const { score, points } = await scan(shop.app, '/books/5')

    expect([score, points['cookies']]).toEqual([135, 5])
  })

  it('gives a low score to a site without headers', () => {
    const { score } = scoreOf({ headers: {}, body: '', cookies: [{ name: 'taste' }], corsHeaders: {} })

    expect(score).toBe(10)
  })
})

describe('cookies', () => {
  it('are restricted to this host, and to TLS where the shop has it', async () => {
    const [web, local] = [createVisitor(shop.app), createVisitor(development.app)]

    const [said, saidLocally] = [await web.say(5, 'liked'), await local.say(5, 'liked')]
    const forgotten = await web.say(5, 'none')

    const attributes = { path: '/', httpOnly: true, sameSite: 'Lax' }
    expect(said.cookies).toMatchObject([{ name: '__Host-taste', secure: true, ...attributes }])
    expect(saidLocally.cookies).toMatchObject([{ name: 'taste-5000', ...attributes }])
    expect(saidLocally.cookies[0]).not.toHaveProperty('secure')
    // Browsers delete such a cookie only with the attributes that it was set with.
    expect(forgotten.cookies).toMatchObject([
      { name: '__Host-taste', value: '', secure: true, maxAge: 0, ...attributes },
    ])
    expect(web.cookie()).toMatch(/^__Host-_csrf=[^;]+$/)
  })
})
