import { unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, fakeAccounts, password } from '../accounts.fixture.ts'
import { createFakeCarts } from '../carts.fixture.ts'
import { fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { createBrowser, signIn } from '../sessions/sign-in.fixture.ts'
import { openShopOver } from '../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const adasCart = `reader:${ada.readerId}`

describe('the cart of a guest', () => {
  it('becomes the reader’s when they sign in, with what they had before', async () => {
    const { app, carts } = await open()
    carts.add(adasCart, 6, 1)
    const browser = createBrowser(app)
    await browser.add(5)

    await browser.submit('/sign-in', { email: ada.email, password })
    const { body } = await browser.open('/cart')

    expect(carts.carts.get(adasCart)).toEqual(
      new Map([
        [6, 1],
        [5, 1],
      ]),
    )
    expect(body).toContain('Cart (2)')
    expect(body).not.toContain('class="flash"')
    expect(browser.cookie()).not.toContain('cart-5000=')
  })

  it('becomes the reader’s as far as there is room, and the page says what was left out', async () => {
    const { app, carts } = await open()
    carts.add(adasCart, 5, 19)
    const browser = createBrowser(app)
    await browser.add(5)
    await browser.add(5)

    await browser.submit('/sign-in', { email: ada.email, password })
    const first = await browser.open('/')
    const second = await browser.open('/')

    expect(first.body).toContain('There was no room for Ender&#x27;s Game (one copy).')
    expect(first.body).toContain('Cart (20)')
    expect(second.body).not.toContain('There was no room')
  })

  it('is kept while it cannot be merged, and merged later', async () => {
    let isAway = true
    const { app, carts } = await open((fake) => ({
      mergeCarts: async (request) => (isAway ? Promise.reject(unavailable('No connection')) : fake.mergeCarts(request)),
    }))
    const browser = createBrowser(app)
    await browser.add(5)
    await browser.submit('/sign-in', { email: ada.email, password })

    const away = await browser.open('/cart')
    isAway = false
    const back = await browser.open('/cart')

    expect(away.body).toContain('data-fallback="cart"')
    expect(back.body).toContain('Ender&#x27;s Game')
    expect(carts.carts.get(adasCart)).toEqual(new Map([[5, 1]]))
  })

  it('does not become that of another reader: it goes with the session', async () => {
    const { app, carts } = await open((fake) => ({
      mergeCarts: async (request) => (await fake.mergeCarts(request), Promise.reject(unavailable('No connection'))),
    }))
    const browser = createBrowser(app)
    await browser.add(5)
    await browser.submit('/sign-in', { email: ada.email, password })
    expect(browser.cookie()).toContain('cart-5000=')

    await browser.submit('/account', {}, '/sign-out')

    expect(browser.cookie()).not.toContain('cart-5000=')
    expect((await browser.open('/cart')).body).toContain('Your cart is empty.')
    expect(carts.carts.get(adasCart)).toEqual(new Map([[5, 1]]))
  })
})

describe('the cart of a reader', () => {
  it('is theirs wherever they sign in, and not shown to the next visitor of the browser', async () => {
    const { app } = await open()
    const browser = await signIn(app)
    await browser.add(5)

    const elsewhere = await signIn(app)
    const { body } = await elsewhere.open('/cart')
    await browser.submit('/account', {}, '/sign-out')
    const after = await browser.open('/cart')

    expect(body).toContain('Ender&#x27;s Game')
    expect(after.body).toContain('Your cart is empty.')
    expect(after.body).not.toContain('Cart (')
  })

  it('is named by the session alone', async () => {
    const { app, carts } = await open()
    carts.add(adasCart, 6, 1)

    const cookie = `cart-5000=${encodeURIComponent(app.signCookie(adasCart))}`
    const { body } = await app.inject({ url: '/cart', headers: { cookie } })

    expect(body).toContain('Your cart is empty.')
  })

  it('gets what was added while accounts did not say who visits', async () => {
    let isAway = false
    const { app, carts } = await open(
      () => ({}),
      (getSession) => async (request) =>
        isAway ? Promise.reject(unavailable('No connection')) : await getSession(request),
      { FRESH_MS: 1, STALE_MS: 1 },
    )
    const browser = await signIn(app)
    isAway = true
    await browser.add(5)
    const away = await browser.open('/cart')

    isAway = false
    const back = await browser.open('/cart')

    expect(away.body).toContain('data-fallback="accounts"')
    expect(away.body).toContain('Ender&#x27;s Game')
    expect(back.body).toContain('Ender&#x27;s Game')
    expect(carts.carts.get(adasCart)).toEqual(new Map([[5, 1]]))
  })
})

type Fake = ReturnType<typeof createFakeCarts>['handlers']
type CartHandlers = Parameters<ReturnType<typeof createFakeCarts>['service']>[0]
type GetSession = NonNullable<NonNullable<Parameters<typeof fakeAccounts>[0]>['getSession']>

async function open(
  cartHandlers: (fake: Fake) => CartHandlers = () => ({}),
  getSession: (
    original: (request: { sessionToken: string }) => Promise<{ account: typeof ada; session: undefined }>,
  ) => GetSession = (original) => original,
  variables = {},
) {
  const carts = createFakeCarts()
  const accounts = fakeAccounts({ getSession: getSession(async () => ({ account: ada, session: undefined })) })
  const services = [accounts, carts.service(cartHandlers(carts.handlers)), fakeRecommendations(), fakeInventory()]
  const shop = await openShopOver(services, variables)
  opened.defer(shop.close)
  return { ...shop, carts }
}
