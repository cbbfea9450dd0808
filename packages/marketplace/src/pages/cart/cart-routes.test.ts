import { LineAvailability } from '@books/proto'
import { failedPrecondition, unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFakeCarts, type LineFacts } from '../../carts.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations, scarceBooks } from '../../services.fixture.ts'
import { openShopOver } from '../../shop.fixture.ts'
import { createVisitor, tokenIn } from '../pages.fixture.ts'

type CartHandlers = Parameters<ReturnType<typeof createFakeCarts>['service']>[0]

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the page of the cart', () => {
  it('is empty for a guest who has chosen nothing, who gets no cookie for it', async () => {
    const { visitor } = await open()

    const { statusCode, body, headers } = await visitor.open('/cart')

    expect(statusCode).toBe(200)
    expect(body).toContain('Your cart is empty.')
    expect(body).not.toContain('data-fallback')
    expect(headers['cache-control']).toBe('no-store')
    expect(visitor.cookie()).not.toContain('cart-5000=')
  })

  it('shows what was chosen, what it costs, and what is missing for the promotion', async () => {
    const { visitor } = await open()
    await visitor.add(5)
    await visitor.add(5)

    const { body } = await visitor.open('/cart')

    expect(body).toContain('<a href="/books/5">Ender&#x27;s Game</a>')
    expect(body).toContain('value="2"')
    expect(body).toContain('<p class="price">€12.99</p>')
    expect(body).toContain('<a href="/cart">Cart (2)</a>')
    expect(body).toContain('One more book, and the cheapest is free.')
    expect(body).toContain('<dt>Total</dt><dd>€25.98</dd>')
    expect(body).toContain('Prices include VAT and postage.')
    expect(body).toContain('href="/checkout"')
  })

  it('shows what the promotion takes off', async () => {
    const { visitor } = await open()
    for (const bookId of [5, 6, 9]) await visitor.add(bookId)

    const { body } = await visitor.open('/cart')

    expect(body).toContain('<dt>Subtotal</dt><dd>€38.97</dd>')
    expect(body).toContain('<dt>Buy two, get the cheapest third free: Ender&#x27;s Game</dt><dd>−€12.99</dd>')
    expect(body).toContain('<dt>Total</dt><dd>€25.98</dd>')
  })

  it.each<[string, LineFacts, string, boolean]>([
    ['a price that has changed', { unitPriceCents: 1_099, addedPriceCents: 999 }, 'was €9.99', true],
    ['few copies', { availability: LineAvailability.LINE_AVAILABILITY_FEW_LEFT, copiesLeft: 2 }, '2 left', true],
    [
      'too few copies',
      { availability: LineAvailability.LINE_AVAILABILITY_NOT_ENOUGH, copiesLeft: 1 },
      'Only 1 left.',
      false,
    ],
    ['no copies', { availability: LineAvailability.LINE_AVAILABILITY_OUT_OF_STOCK }, 'Out of stock.', false],
    [
      'a book that is gone',
      { availability: LineAvailability.LINE_AVAILABILITY_GONE, unitPriceCents: 0 },
      'does not have it any more',
      false,
    ],
  ])('says of %s, and offers the checkout only where it can be ordered', async (_what, facts, text, isOrderable) => {
    const { visitor } = await open({}, { 5: facts })
    await visitor.add(5)

    const { body } = await visitor.open('/cart')

    expect(body).toContain(text)
    expect(body.includes('href="/checkout"')).toBe(isOrderable)
  })

  it('offers no checkout where prices cannot be read, and keeps the cart', async () => {
    const { carts, visitor } = await open({
      getCart: async ({ cartId }) => {
        const { cart } = await handlers().getCart({ cartId })
        return { cart: cart && { ...cart, isPriced: false } }
      },
    })
    const handlers = () => carts.handlers
    await visitor.add(5)

    const { body } = await visitor.open('/cart')

    expect(body).toContain('Ender&#x27;s Game')
    expect(body).toContain('nothing can be ordered')
    expect(body).not.toContain('href="/checkout"')
  })

  it('changes quantities and removes lines', async () => {
    const { visitor } = await open()
    for (const bookId of [5, 6]) await visitor.add(bookId)
    const token = { _csrf: tokenIn((await visitor.open('/cart')).body) }

    const changed = await visitor.send('/cart/books/5/quantity', { copies: '3', ...token })
    await visitor.send('/cart/books/6/quantity', { copies: '0', ...token })

    const { body } = await visitor.open('/cart')
    expect([changed.statusCode, changed.headers.location]).toEqual([303, '/cart'])
    expect(body).toContain('value="3"')
    expect(body).not.toContain('/books/6')
  })

  it('says that the cart cannot be looked into, while everything else is open', async () => {
    const { visitor } = await open({ getCart: async () => Promise.reject(unavailable('No connection')) })
    await visitor.add(5)

    const cart = await visitor.open('/cart')
    const home = await visitor.open('/')

    expect(cart.statusCode).toBe(200)
    expect(cart.body).toContain('We cannot look into your cart just now. It is kept.')
    expect(cart.body).toContain('data-fallback="cart"')
    expect(home.body).toContain('class="card pick"')
    expect(home.body).toContain('data-fallback="cart"')
  })
})

describe('adding to the cart', () => {
  it.each(['/', '/categories/mystery?page=2', '/search?q=dune', '/books/5'])(
    'goes back to where one was, and says so once: %s',
    async (page) => {
      const { visitor } = await open()

      const added = await visitor.add(5, page)
      const after = await visitor.open(page)
      const again = await visitor.open(page)

      expect([added.statusCode, added.headers.location]).toEqual([303, page])
      expect(after.body).toContain('<p class="flash" role="status">Ender&#x27;s Game is in your cart.</p>')
      expect(after.body).toContain('Cart (1)')
      expect(again.body).not.toContain('class="flash"')
      expect(again.body).toContain('Cart (1)')
    },
  )

  it.each([
    ['without a page', undefined],
    ['from another site', 'https://evil.example/books'],
    ['with a path that names another host', 'http://localhost:5000//evil.example'],
    ['from the page to sign in', 'http://localhost:5000/sign-in'],
  ])('goes to a page of the shop %s', async (_how, referer) => {
    const { app } = await open()

    const { statusCode, headers } = await app.inject({
      method: 'POST',
      url: '/cart/books/5',
      headers: { 'sec-fetch-site': 'same-origin', ...(referer && { referer }) },
    })

    expect(statusCode).toBe(303)
    expect(['/cart', '/']).toContain(headers.location)
  })

  it('works with the form of the page of a book, which has a token', async () => {
    const { visitor } = await open()
    const { body } = await visitor.open('/books/5')

    const added = await visitor.send('/cart/books/5', { _csrf: tokenIn(body) })

    expect(added.statusCode).toBe(303)
    expect((await visitor.open('/cart')).body).toContain('Ender&#x27;s Game')
  })

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a page of another origin', { origin: 'https://evil.example' }],
    ['without a token where no page is named', {}],
  ])('is refused %s', async (_how, headers) => {
    const { app, carts } = await open()

    const { statusCode } = await app.inject({ method: 'POST', url: '/cart/books/5', headers })

    expect(statusCode).toBe(403)
    expect(carts.carts.size).toBe(0)
  })

  it('stores the cart of a guest in a signed cookie that scripts cannot read, for thirty days', async () => {
    const { app, visitor } = await open()

    const { cookies } = await visitor.add(5)

    const cookie = cookies.find(({ name }) => name === 'cart-5000')
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 30 * 24 * 60 * 60 })
    expect(app.unsignCookie(cookie!.value)).toMatchObject({
      valid: true,
      value: expect.stringMatching(/^[\da-f]{32}$/),
    })
  })

  it('refuses a book that is out of stock, whose page and card have no button', async () => {
    const { carts, visitor } = await open()

    const { statusCode, body } = await visitor.add(scarceBooks.none)

    expect(statusCode).toBe(422)
    expect(body).toContain('Out of stock')
    expect(carts.carts.size).toBe(0)
    expect((await visitor.open(`/books/${scarceBooks.none}`)).body).toMatch(/<dd>Out of stock<\/dd>/)
    for (const page of [`/books/${scarceBooks.none}`, '/categories/self-help'])
      expect((await visitor.open(page)).body).not.toContain(`action="/cart/books/${scarceBooks.none}"`)
  })

  it('says how many are left on pages and cards', async () => {
    const { visitor } = await open()

    expect((await visitor.open(`/books/${scarceBooks.few}`)).body).toContain('<dd>2 left</dd>')
    expect((await visitor.open('/categories/self-help')).body).toContain('<span class="stock">2 left</span>')
    expect((await visitor.open('/')).body).toContain('&#8364;12.99 <span class="stock">In stock</span>')
  })

  it.each([
    ['a full cart', 'CART_FULL', {}, 'Your cart is full'],
    ['too many copies', 'TOO_MANY_COPIES', { copies: '19' }, 'There are 19 in yours.'],
    ['another currency', 'OTHER_CURRENCY', { title: 'Dune', currency: 'EUR' }, 'which are in EUR'],
  ])('says why not: %s', async (_what, reason, metadata, text) => {
    const error = failedPrecondition(reason, { errorInfo: { reason, domain: 'books.cart', metadata } })
    const { visitor } = await open({ addToCart: async () => Promise.reject(error) })

    const { statusCode, body } = await visitor.add(5)

    expect(statusCode).toBe(422)
    expect(body).toContain(text)
    expect(visitor.cookie()).not.toContain('cart-5000=')
  })

  it('says that it has to wait while the cart is away, and knows no book that is none', async () => {
    const { visitor } = await open({ addToCart: async () => Promise.reject(unavailable('No connection')) })
    const { visitor: other } = await open()

    const away = await visitor.add(5)
    const unknown = await other.add(99_999)

    expect(away.statusCode).toBe(503)
    expect(away.headers['retry-after']).toBe('5')
    expect(away.body).toContain('Your cart is out of reach')
    expect(unknown.statusCode).toBe(404)
  })

  it('leaves anonymous pages the same for everyone', async () => {
    const { app } = await open()

    const pages = await Promise.all([1, 2].map(() => app.inject('/')))

    expect(pages[0]!.body).toBe(pages[1]!.body)
    expect(pages[0]!.body).toContain('action="/cart/books/1"')
    expect(pages[0]!.body).not.toContain('_csrf')
    expect(pages.flatMap(({ cookies }) => cookies)).toEqual([])
  })
})

async function open(handlers: CartHandlers = {}, facts: Record<number, LineFacts> = {}) {
  const carts = createFakeCarts(facts)
  const shop = await openShopOver([carts.service(handlers), fakeRecommendations(), fakeInventory(), fakeArticles()])
  opened.defer(shop.close)
  return { ...shop, carts, visitor: createVisitor(shop.app) }
}
