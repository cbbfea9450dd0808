import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createVisitor, tokenIn } from '../pages/pages.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { openShop, openShopOver } from '../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('preferences', () => {
  it('are stored in the browser, shown, and removed one by one', async () => {
    const visitor = createVisitor(await open())

    const said = await visitor.say(5, 'liked')
    expect([said.statusCode, said.headers.location]).toEqual([303, '/books/5'])
    expect((await visitor.open('/books/5')).body).toContain('You liked this.')

    await visitor.say(6, 'disliked')
    const { body } = await visitor.open('/taste')
    expect(body).toMatch(/You liked[\s\S]*Ender&#x27;s Game[\s\S]*Not for you[\s\S]*The Dune Chronicles/)

    const back = await visitor.send('/taste/books/5', { verdict: 'none', from: 'taste', _csrf: tokenIn(body) })
    expect(back.headers.location).toBe('/taste')
    expect((await visitor.open('/taste')).body).not.toContain('Ender&#x27;s Game')
  })

  it('are cleared', async () => {
    const visitor = createVisitor(await open())
    await visitor.say(5, 'liked')

    const { body } = await visitor.open('/taste')
    await visitor.send('/taste/forget', { _csrf: tokenIn(body) })

    expect((await visitor.open('/taste')).body).toContain('You have not said anything yet.')
    expect(visitor.cookie()).not.toContain('taste-5000=')
  })

  it('are in a cookie that scripts and other sites cannot read', async () => {
    const visitor = createVisitor(await open())

    const { cookies } = await visitor.say(5, 'liked')

    expect(cookies.find(({ name }) => name === 'taste-5000')).toMatchObject({
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
    })
  })

  it('are ignored without the signature of the shop', async () => {
    const app = await open()

    for (const cookie of [
      'taste-5000=5',
      'taste-5000=5.Zm9yZ2Vk',
      `taste-5000=${'9'.repeat(3_000)}`,
      'taste-5000=%zz',
      'taste-5000=',
    ]) {
      const { statusCode, body } = await app.inject({ url: '/taste', headers: { cookie } })

      expect(statusCode).toBe(200)
      expect(body).toContain('You have not said anything yet.')
    }
  })

  it.each([
    ['without a token', {}],
    ['with a wrong token', { _csrf: 'made-up' }],
  ])('are not changed %s', async (_how, token) => {
    const visitor = createVisitor(await open())
    await visitor.open('/books/5')

    const { statusCode, body } = await visitor.send('/taste/books/5', { verdict: 'liked', ...token })

    expect(statusCode).toBe(403)
    expect(body).toContain('That came from elsewhere')
    expect(visitor.cookie()).not.toContain('taste-5000=')
  })

  it('refuse an unknown verdict', async () => {
    const visitor = createVisitor(await open())
    const { body } = await visitor.open('/books/5')

    const answer = await visitor.send('/taste/books/5', { verdict: 'adored', _csrf: tokenIn(body) })

    expect(answer.statusCode).toBe(400)
  })

  it('are shown while the inventory is unavailable', async () => {
    const visitor = createVisitor(await open())
    await visitor.say(5, 'liked')
    const alone = await openShop()
    opened.defer(alone.close)

    const { statusCode, body } = await alone.app.inject({ url: '/taste', headers: { cookie: visitor.cookie() } })

    expect(statusCode).toBe(200)
    expect(body).toContain('Book 5')
    expect(body).toContain('data-fallback="inventory"')
  })
})

async function open() {
  const shop = await openShopOver([fakeRecommendations(), fakeInventory()])
  opened.defer(shop.close)
  return shop.app
}
