import { createConnection } from 'node:net'
import { silentLog } from '@books/runtime/testing'
import { startService } from '@books/service'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { marketplace } from '../../index.ts'
import { createVisitor, tokenIn } from '../../pages/pages.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, settingsWith, type TestShop } from '../../shop.fixture.ts'

let shop: TestShop
let app: FastifyInstance
beforeAll(async () => {
  shop = await openShopOver([fakeRecommendations(), fakeInventory()])
  app = shop.app
})
afterAll(() => shop.close())

const form = 'application/x-www-form-urlencoded'

describe('a URL', () => {
  it('may be as long as the longest search', async () => {
    const longest = encodeURIComponent('📚'.repeat(200))

    const { statusCode } = await app.inject(`/search?q=${longest}&page=1`)

    expect(statusCode).toBe(200)
  })

  it.each([
    ['is too long', `/search?q=${'x'.repeat(4_100)}`, 414, 'That address is too long'],
    ['is too long and unknown', `/${'x'.repeat(4_100)}`, 414, 'That address is too long'],
    ['has a part that is too long', `/books/${'1'.repeat(101)}`, 414, 'That address is too long'],
    ['has too many parameters', `/?${'a=b&'.repeat(21)}`, 400, 'We did not understand that'],
  ])('that %s is refused with a page', async (_how, url, code, heading) => {
    const { statusCode, body } = await app.inject(url)

    expect([statusCode, body]).toEqual([code, expect.stringContaining(heading)])
  })
})

describe('a form', () => {
  it.each([
    ['is too large', form, `verdict=liked&more=${'x'.repeat(4_100)}`, 413, 'That is too much'],
    ['has too many fields', form, 'verdict=liked&'.repeat(21), 413, 'That is too much'],
    ['is multipart', 'multipart/form-data; boundary=x', '--x--\r\n', 415, 'That is no form'],
    ['is JSON', 'application/json', '{"verdict":"liked"}', 415, 'That is no form'],
    ['is incomplete JSON', 'application/json', '{"verdict', 415, 'That is no form'],
    ['is plain text', 'text/plain', 'verdict=liked', 415, 'That is no form'],
    ['has a malformed type', 'form', 'verdict=liked', 415, 'That is no form'],
  ])('that %s is refused with a page', async (_how, type, payload, code, heading) => {
    const { statusCode, headers, body } = await app.inject({
      method: 'POST',
      url: '/taste/books/5',
      headers: { 'content-type': type },
      payload,
    })

    expect([statusCode, headers['content-type']]).toEqual([code, 'text/html; charset=utf-8'])
    expect(body).toContain(heading)
  })

  it('is refused without a type, and with a wrong length', async () => {
    const untyped = await app.inject({ method: 'POST', url: '/taste/forget', payload: 'a=b' })
    const claims = { 'content-type': form, 'content-length': '100000' }
    const wrong = await app.inject({ method: 'POST', url: '/taste/forget', headers: claims, payload: 'a=b' })

    expect([untyped.statusCode, wrong.statusCode]).toEqual([415, 413])
  })

  it('is refused where it has a field twice', async () => {
    const visitor = createVisitor(app)
    const token = tokenIn((await visitor.open('/books/5')).body)

    const answers = await Promise.all(
      [`_csrf=${token}&_csrf=${token}&verdict=liked`, `_csrf=${token}&verdict=liked&verdict=none`].map((payload) =>
        app.inject({
          method: 'POST',
          url: '/taste/books/5',
          headers: { 'content-type': form, cookie: visitor.cookie() },
          payload,
        }),
      ),
    )

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 400])
  })

  it('without an end is refused at the limit', async () => {
    const listening = await startService(marketplace, { settings: settingsWith(), log: silentLog })
    const socket = createConnection(listening.port, '127.0.0.1').setEncoding('utf8')
    const closed = new Promise((resolve) => socket.once('close', resolve))
    let answer = ''
    socket.on('data', (text) => {
      answer += text
    })
    // The shop closes the connection of a client that goes on.
    socket.on('error', () => {})

    socket.write(`POST /taste/forget HTTP/1.1\r\nHost: books\r\nContent-Type: ${form}\r\n`)
    socket.write('Transfer-Encoding: chunked\r\n\r\n')
    const goOn = () =>
      answer === '' && socket.writable && socket.write(`400\r\n${'x'.repeat(1_024)}\r\n`, () => setImmediate(goOn))
    goOn()
    await closed
    await listening.stop()

    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(answer).toContain('That is too much')
  })
})
