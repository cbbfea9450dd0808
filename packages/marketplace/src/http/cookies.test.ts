import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { createVisitor, tokenIn } from '../pages/pages.fixture.ts'
import { encodePreferences, maxOpinions } from '../preferences/preferences.ts'
import { fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { openShopOver, type TestShop } from '../shop.fixture.ts'
import { useCookies } from './cookies.ts'

const pages = ['/', '/books/5', '/taste']
const nothingSaid = 'You have not said anything yet.'

let shop: TestShop
let app: FastifyInstance
beforeAll(async () => {
  shop = await openShopOver([fakeRecommendations(), fakeInventory()])
  app = shop.app
})
afterAll(() => shop.close())

describe('a cookie', () => {
  it('is accepted as the shop signed it', async () => {
    const { body } = await open('/taste', `taste-5000=${signed('5.-6')}`)

    expect(body).toMatch(/You liked[\s\S]*Not for you/)
  })

  it('is ignored with a single changed bit', async () => {
    const cookie = decodeURIComponent(signed('5.-6'))

    for (const [index, character] of Array.from(cookie).entries()) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = String.fromCharCode(character.charCodeAt(0) ^ (1 << bit))
        const tampered = cookie.slice(0, index) + changed + cookie.slice(index + 1)
        const { statusCode, body } = await open('/taste', `taste-5000=${encodeURIComponent(tampered)}`)

        expect([tampered, statusCode, body.includes(nothingSaid)]).toEqual([tampered, 200, true])
      }
    }
  })

  it('is ignored with the signature of another secret, or of another cookie', async () => {
    const other = Fastify()
    await useCookies(other, { secret: 'another secret of thirty characters', publicUrl: 'http://localhost:5000' })
    const foreign = encodeURIComponent(other.signCookie('5.-6'))
    const { cookies } = await app.inject('/taste')
    const secret = cookies.find(({ name }) => name === '_csrf-5000')?.value ?? ''

    expect((await open('/taste', `taste-5000=${foreign}`)).body).toContain(nothingSaid)
    expect((await open('/taste', `taste-5000=${encodeURIComponent(secret)}`)).body).toContain(nothingSaid)
  })

  it.each([
    ['one opinion too many', encodePreferences(opinions(maxOpinions + 1))],
    ['a book twice', '5.-5'],
    ['an id that is too large', '2147483648'],
    ['no number', '5.Infinity'],
    ['nothing', ''],
    ['a very long text', '5.'.repeat(5_000)],
  ])('is ignored where it contains %s, even if it is signed', async (_what, value) => {
    const { statusCode, body } = await open('/taste', `taste-5000=${signed(value)}`)

    expect(statusCode).toBe(200)
    expect(body).toContain(nothingSaid)
  })

  it('holds the largest number of opinions', async () => {
    const { body } = await open('/taste', `taste-5000=${signed(encodePreferences(opinions(maxOpinions)))}`)

    expect([...body.matchAll(/<li class="opinion">/g)]).toHaveLength(maxOpinions)
  })

  it.each([
    ['without a value', 'taste-5000'],
    ['with an empty one', 'taste-5000='],
    ['cut off', 'taste-5000=%'],
    ['with malformed UTF-8', 'taste-5000=%E0%A4%A'],
    ['with an empty value and signature', 'taste-5000=.'],
    ['with an empty signature', 'taste-5000=5.'],
    ['twice', 'taste-5000="5"; taste-5000=6'],
    ['without a name', '=; ;;; =5'],
    ['named like a prototype', '__proto__=5; constructor=6'],
    ['beyond ASCII', `taste-5000=${'\u00ff'.repeat(100)}`],
    ['of the largest size of headers', `taste-5000=${'9'.repeat(15_000)}`],
    ['among thousands', `${'a=b; '.repeat(3_000)}taste-5000=5`],
    ['beside one for forms', '_csrf-5000=5; taste-5000=5'],
  ])('%s makes no page fail', async (_how, cookie) => {
    for (const page of pages) expect((await open(page, cookie)).statusCode).toBe(200)
  })

  it('with the secret of forms is replaced where its signature is wrong', async () => {
    const { body, cookies } = await open('/books/5', `_csrf-5000=${signed('made-up').slice(0, -1)}`)
    const renewed = cookies.find(({ name }) => name === '_csrf-5000')?.value ?? ''

    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/taste/books/5',
      headers: {
        cookie: `_csrf-5000=${encodeURIComponent(renewed)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: new URLSearchParams({ verdict: 'liked', _csrf: tokenIn(body) }).toString(),
    })

    expect(statusCode).toBe(303)
  })

  it('replaces none of a shop on another port of the same host', async () => {
    const variables = { PUBLIC_URL: 'http://localhost:5001', COOKIE_SECRET: 'another secret of thirty-two letters' }
    const other = await openShopOver([fakeRecommendations(), fakeInventory()], variables)
    const visitors = [createVisitor(app), createVisitor(other.app)]
    for (const visitor of visitors) await visitor.say(5, 'liked')
    await other.close()

    const names = visitors.map((visitor) =>
      visitor
        .cookie()
        .match(/[^=; ]+(?==)/g)
        ?.toSorted(),
    )

    expect(names).toEqual([
      ['_csrf-5000', 'taste-5000'],
      ['_csrf-5001', 'taste-5001'],
    ])
  })

  it('stays unchanged while a reader sends no form', async () => {
    const visitor = createVisitor(app)
    await visitor.say(5, 'liked')
    const before = visitor.cookie()

    for (const page of pages) expect((await visitor.open(page)).cookies).toEqual([])
    expect(visitor.cookie()).toBe(before)
  })
})

function open(url: string, cookie: string) {
  return app.inject({ url, headers: { cookie } })
}

function signed(value: string): string {
  return encodeURIComponent(app.signCookie(value))
}

function opinions(count: number) {
  return Array.from({ length: count }, (_, index) => ({ bookId: index + 1, verdict: 'liked' as const }))
}
