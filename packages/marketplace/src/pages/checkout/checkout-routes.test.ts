import { CancelReason, OrderState } from '@books/proto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada, password } from '../../accounts.fixture.ts'
import { confirmed, orderSecret, payUrl } from '../../orders.fixture.ts'
import { createCustomer, formIn, openSellingShop, type SellingOptions, typed } from './checkout.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the checkout', () => {
  it('shows the order beside the form, and its button names the amount', async () => {
    const customer = await createCustomer(await open())

    const { statusCode, body, headers } = await customer.open('/checkout')

    expect(statusCode).toBe(200)
    expect(body).toContain('<button class="primary">Pay €25.98</button>')
    expect(body).toContain('Buy two, get the cheapest third free')
    expect(body).toContain('Prices include VAT and postage.')
    expect(body).toContain('href="/sign-in?return_to&#x3D;%2Fcheckout"')
    expect(headers['cache-control']).toBe('no-store')
  })

  it('lets its form lead to the payment provider, and no other page do so', async () => {
    const shop = await open({ variables: { PAYMENT_ORIGINS: 'https://pay.example,http://localhost:5001' } })
    const customer = await createCustomer(shop)
    const actionOf = async (path: string) =>
      /form-action ([^;]*)/.exec(String((await customer.open(path)).headers['content-security-policy']))?.[1]

    expect(await actionOf('/checkout')).toBe("'self' https://pay.example http://localhost:5001")
    expect(await actionOf('/cart')).toBe("'self'")
    expect(await actionOf('/')).toBe("'self'")
  })

  it('places an order of what was shown, and leads to the page of the provider', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)

    const { statusCode, headers } = await customer.pay(await customer.openCheckout())

    expect([statusCode, headers.location]).toEqual([303, payUrl])
    expect(shop.orders.requests).toEqual([
      {
        idempotencyKey: expect.stringMatching(/^[\w-]{32}$/),
        cartId: [...shop.carts.carts.keys()][0],
        ...{ readerId: 0, email: typed.email, name: typed.name },
        address: { street: typed.street, postalCode: '10115', city: 'Berlin', country: 'DE' },
        lines: [5, 6, 9].map((bookId) => ({ bookId, copies: 1 })),
        ...{ expectedTotalCents: 2_598, currency: 'EUR', network: '127.0.0.1' },
        returnUrl: expect.stringMatching(/^http:\/\/localhost(:\d+)?\/orders$/),
      },
    ])
  })

  it('names the customer by the session, and fills in what is known of them', async () => {
    const shop = await open()
    const customer = await createCustomer(shop, { isReader: true })
    const { body } = await customer.open('/checkout')

    await customer.pay(formIn(body))

    expect(body).toContain(`value="${ada.email}"`)
    expect(body).not.toContain('You can order as a guest')
    expect(shop.orders.requests).toMatchObject([{ readerId: ada.readerId, cartId: `reader:${ada.readerId}` }])
  })

  it('leads to the page of the order where there is nothing to pay at a provider that it knows', async () => {
    const shop = await open({ variables: { PAYMENT_ORIGINS: 'https://pay.example' } })
    const customer = await createCustomer(shop)

    const { headers } = await customer.pay(await customer.openCheckout())

    expect(headers.location).toBe(`/orders/AAAAA-00001?secret=${orderSecret}`)
  })

  it.each([
    ['has nothing to order', {}, [], 'Nothing to order'],
    ['waits while the cart is away', { cart: away('getCart') }, [5], 'The checkout has to wait'],
  ] as const)('%s', async (_what, options, bookIds, text) => {
    const customer = await createCustomer(await open(options), { bookIds })

    const { statusCode, body } = await customer.open('/checkout')

    expect(statusCode).toBe(200)
    expect(body).toContain(text)
    expect(body).not.toContain('Pay €')
  })

  it('leads back to a cart that cannot be ordered as it is', async () => {
    const customer = await createCustomer(await open({ lines: { 5: { availability: 4 } } }))

    const { statusCode, headers } = await customer.open('/checkout')

    expect([statusCode, headers.location]).toEqual([303, '/cart'])
  })

  it('sends a form with the longest address in any script', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)
    const name = '\u{20000}'.repeat(50)

    const { statusCode } = await customer.pay(await customer.openCheckout(), {
      ...{ name, street: '\u{20000}'.repeat(100), city: '\u{20000}'.repeat(50), keep: 'yes' },
    })

    expect(statusCode).toBe(303)
    expect(shop.orders.requests[0]?.name).toBe(name)
  })
})

describe('an address', () => {
  it('is kept in the browser where that is wanted, for the checkout alone', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)

    const { cookies } = await customer.pay(await customer.openCheckout(), { keep: 'yes' })
    const { body } = await customer.open('/checkout')

    expect(cookies.find(({ name }) => name === 'address-5000')).toMatchObject({
      ...{ path: '/checkout', httpOnly: true, sameSite: 'Lax', maxAge: 180 * 24 * 60 * 60 },
    })
    for (const text of [typed.email, typed.name, typed.street, 'value="DE" selected', 'value="yes" checked'])
      expect(body).toContain(text)
  })

  it('is not kept otherwise, and forgotten when that is not wanted any more or the reader signs out', async () => {
    const customer = await createCustomer(await open(), { isReader: true })

    await customer.pay(await customer.openCheckout())
    expect(customer.cookie()).not.toContain('address-5000')
    await customer.pay(await customer.openCheckout(), { keep: 'yes' })
    expect(customer.cookie()).toContain('address-5000')
    await customer.pay(await customer.openCheckout())
    expect(customer.cookie()).not.toContain('address-5000')
    await customer.pay(await customer.openCheckout(), { keep: 'yes' })
    await customer.submit('/account', {}, '/sign-out')
    expect(customer.cookie()).not.toContain('address-5000')
  })
})

describe('one order', () => {
  it('comes of a double click', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)
    const form = await customer.openCheckout()

    const answers = await Promise.all([customer.pay(form), customer.pay(form)])

    expect(answers.map(({ headers }) => headers.location)).toEqual([payUrl, payUrl])
    expect(shop.orders.orders.size).toBe(1)
  })

  it('comes of a form that is sent once more after the order was paid, and leads to its page', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)
    const form = await customer.openCheckout()
    await customer.pay(form)
    shop.orders.change('AAAAA-00001', confirmed)
    shop.carts.carts.clear()

    const { headers } = await customer.pay(form)

    expect(headers.location).toBe(`/orders/AAAAA-00001?secret=${orderSecret}`)
    expect(shop.orders.orders.size).toBe(1)
  })

  it('is open where the checkout is opened and sent again: the newer one takes the place of the older', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)
    await customer.pay(await customer.openCheckout())

    await customer.pay(await customer.openCheckout())

    expect([...shop.orders.orders.values()].map(({ state, cancelReason }) => [state, cancelReason])).toEqual([
      [OrderState.ORDER_STATE_CANCELLED, CancelReason.CANCEL_REASON_REPLACED],
      [OrderState.ORDER_STATE_RESERVED, CancelReason.CANCEL_REASON_UNSPECIFIED],
    ])
  })

  it('comes of two tabs of which the first is being paid, and the second leads to it', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)
    const [first, second] = [await customer.openCheckout(), await customer.openCheckout()]
    await customer.pay(first)
    shop.orders.change('AAAAA-00001', { state: OrderState.ORDER_STATE_AUTHORIZED })

    const { statusCode, body } = await customer.pay(second)
    const order = await customer.open('/orders/AAAAA-00001')

    expect(statusCode).toBe(409)
    expect(body).toContain('Your order is under way')
    expect(body).toContain('href="/orders/AAAAA-00001"')
    expect(order.body).toContain('Your payment is being checked')
    expect(shop.orders.orders.size).toBe(1)
  })

  it('is asked for anew where a form is sent once more with other details', async () => {
    const shop = await open()
    const customer = await createCustomer(shop)
    const form = await customer.openCheckout()
    await customer.pay(form)

    const { statusCode, body } = await customer.pay(form, { city: 'Hamburg' })
    const again = await customer.pay(formIn(body), { city: 'Hamburg' })

    expect(statusCode).toBe(409)
    expect(body).toContain('with other details')
    expect(body).toContain('value="Hamburg"')
    expect(again.headers.location).toBe(payUrl)
    expect(shop.orders.orders.get('AAAAA-00001')?.cancelReason).toBe(CancelReason.CANCEL_REASON_REPLACED)
  })
})

describe('a session that ends or begins in the middle', () => {
  it('orders nothing, says so, and leads back to the checkout', async () => {
    const shop = await open()
    const customer = await createCustomer(shop, { isReader: true })
    const form = await customer.openCheckout()
    await customer.submit('/account', {}, '/sign-out')
    const { _csrf } = await csrfOf(customer)

    const { statusCode, body } = await customer.pay({ ...form, _csrf })
    await customer.submit('/sign-in?return_to=/checkout', { email: ada.email, password })
    const after = await customer.open('/checkout')

    expect(statusCode).toBe(409)
    expect(body).toContain('You are signed out')
    expect(body).toContain('href="/sign-in?return_to&#x3D;%2Fcheckout"')
    expect(after.body).toContain('Pay €25.98')
    expect(shop.orders.requests).toEqual([])
  })

  it('shows the cart of the reader who signed in meanwhile, with what was typed', async () => {
    const shop = await open()
    shop.carts.add(`reader:${ada.readerId}`, 10, 1)
    const customer = await createCustomer(shop)
    const form = await customer.openCheckout()
    await customer.submit('/sign-in', { email: ada.email, password })
    await customer.open('/')

    const { statusCode, body } = await customer.pay(form)

    expect(statusCode).toBe(409)
    expect(body).toContain('You have signed in or out since this form was opened. Nothing was ordered.')
    expect(body).toContain('The Moonstone has been added to the cart.')
    expect(body).toContain('Pay €38.97')
    expect(body).toContain(`value="${typed.name}"`)
    expect(shop.orders.requests).toEqual([])
  })
})

function away(method: 'getCart'): NonNullable<SellingOptions['cart']> {
  return () => ({ [method]: async () => Promise.reject(new Error('ink')) })
}

/** A token of a form, as the browser has it by now. */
async function csrfOf(customer: Awaited<ReturnType<typeof createCustomer>>) {
  const { body } = await customer.open('/books/5')
  return { _csrf: /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '' }
}

async function open(options: SellingOptions = {}) {
  const shop = await openSellingShop(options)
  opened.defer(shop.close)
  return shop
}
