import { CancelReason, OrderState } from '@books/proto'
import { invalidArgument, unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ada } from '../../accounts.fixture.ts'
import { cancelled, confirmed, orderSecret, payUrl } from '../../orders.fixture.ts'
import { createCustomer, openSellingShop, type SellingOptions, typed } from '../checkout/checkout.fixture.ts'
import { createVisitor, tokenIn } from '../pages.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const id = 'AAAAA-00001'
const ofGuest = `/orders/${id}?secret=${orderSecret}`

describe('the page of an order', () => {
  it('opens for the guest who has its link, is stored nowhere and tells no other site of it', async () => {
    const { shop } = await open()

    const { statusCode, body, headers } = await createVisitor(shop.app).open(ofGuest)

    expect(statusCode).toBe(200)
    expect(body).toContain(`Order ${id}`)
    expect(body).toContain(typed.street)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['referrer-policy']).toBe('strict-origin')
    expect(headers).not.toHaveProperty('etag')
  })

  it('opens in the browser in which it was placed, without a secret in its URL', async () => {
    const { customer } = await open()

    expect((await customer.open(`/orders/${id}`)).statusCode).toBe(200)
  })

  it.each([
    ['another secret', `/orders/${id}?secret=made-up`],
    ['another id', `/orders/AAAAA-00009?secret=${orderSecret}`],
  ])('is not found with %s', async (_what, url) => {
    const { shop } = await open()

    expect((await createVisitor(shop.app).open(url)).statusCode).toBe(404)
  })

  it('asks a visitor without a secret to sign in, and comes back', async () => {
    const { shop } = await open({}, true)

    const { statusCode, headers } = await createVisitor(shop.app).open(`/orders/${id}`)

    expect([statusCode, headers.location]).toEqual([303, `/sign-in?return_to=%2Forders%2F${id}`])
  })

  it('is for the reader who placed it, and no other', async () => {
    const { shop, customer } = await open({}, true)
    const own = await customer.open(`/orders/${id}`)
    shop.orders.change(id, { readerId: ada.readerId + 1 })

    const others = await customer.open(`/orders/${id}`)

    expect([own.statusCode, others.statusCode]).toEqual([200, 404])
    expect(own.body).toContain('<a href="/orders">Your orders</a>')
  })

  it.each<[string, Parameters<Shop['orders']['change']>[1], string, { pay: boolean; cancel: boolean; waits: boolean }]>(
    [
      [
        'placed',
        { state: OrderState.ORDER_STATE_PLACED, redirectUrl: '' },
        'We have your order',
        at(false, true, true),
      ],
      ['reserved', {}, 'Waiting for your payment', at(true, true, true)],
      [
        'reserved without a page to pay on',
        { redirectUrl: '' },
        'Your payment is being prepared.',
        at(false, true, true),
      ],
      [
        'authorized',
        { state: OrderState.ORDER_STATE_AUTHORIZED, redirectUrl: '' },
        'Your bank has set the amount aside',
        at(false, false, true),
      ],
      [
        'committed',
        { state: OrderState.ORDER_STATE_COMMITTED, redirectUrl: '' },
        'The books are yours',
        at(false, false, true),
      ],
      [
        'captured',
        { state: OrderState.ORDER_STATE_CAPTURED, redirectUrl: '' },
        'Your payment has arrived',
        at(false, false, true),
      ],
      ['confirmed', confirmed, `The receipt goes to ${typed.email}.`, at(false, false, false)],
      ['sent', { ...confirmed, shippedAt: new Date('2026-11-21') }, 'On its way', at(false, false, false)],
      ['cancelled', cancelled(CancelReason.CANCEL_REASON_CUSTOMER), 'You cancelled it.', at(false, false, false)],
      [
        'declined',
        cancelled(CancelReason.CANCEL_REASON_DECLINED),
        'The payment was declined.',
        at(false, false, false),
      ],
      ['expired', cancelled(CancelReason.CANCEL_REASON_EXPIRED), 'It was not paid in time.', at(false, false, false)],
      [
        'out of stock',
        cancelled(CancelReason.CANCEL_REASON_OUT_OF_STOCK),
        'not enough copies',
        at(false, false, false),
      ],
      ['replaced', cancelled(CancelReason.CANCEL_REASON_REPLACED), 'A newer order', at(false, false, false)],
      [
        'of a state that is new',
        { state: 99 as OrderState, redirectUrl: '' },
        'It is under way.',
        at(false, false, true),
      ],
    ],
  )('says what is true of one that is %s, and offers what is possible', async (_state, fields, text, expected) => {
    const { shop, customer } = await open()
    shop.orders.change(id, fields)

    const { body, headers } = await customer.open(ofGuest)

    expect(body).toContain(text)
    expect({
      pay: body.includes(`href="${payUrl}"`),
      cancel: body.includes('Cancel the order'),
      waits: headers['refresh'] !== undefined,
    }).toEqual(expected)
    expect(body.includes('Receipt')).toBe(fields.state === OrderState.ORDER_STATE_CONFIRMED)
  })

  it('looks again soon while the order is new, and seldom once it is old', async () => {
    const { shop, customer } = await open()
    const ages = [0, 2 * 60_000, 10 * 60_000]

    const delays: unknown[] = []
    for (const ageMs of ages) {
      shop.orders.change(id, { placedAt: new Date(Date.now() - ageMs) })
      delays.push((await customer.open(ofGuest)).headers['refresh'])
    }

    expect(delays.map(Number)).toEqual([3, 10, 30])
  })

  it('waits for the order to become final, and shows it as it is then', async () => {
    const { customer } = await open({
      transactions: ({ orders, change }) => ({
        async *watchOrder() {
          yield { order: orders.get(id) }
          change(id, confirmed)
          yield { order: orders.get(id) }
        },
      }),
    })

    const { body, headers } = await customer.open(ofGuest)

    expect(body).toContain('Thank you')
    expect(headers).not.toHaveProperty('refresh')
  })

  it('is shown as it is where it does not become final for now', async () => {
    const ended = Promise.withResolvers<void>()
    const { customer } = await open({
      transactions: ({ orders }) => ({
        async *watchOrder() {
          yield { order: orders.get(id) }
          await ended.promise
        },
      }),
    })

    const { body } = await customer.open(ofGuest)
    ended.resolve()

    expect(body).toContain('Waiting for your payment')
  })

  it('is a receipt with what was taken off and given back', async () => {
    const { shop, customer } = await open()
    const { lines } = shop.orders.orders.get(id)!
    shop.orders.change(id, {
      ...confirmed,
      refundedCents: 1_299,
      lines: lines.map((line, index) => ({ ...line, refundedCopies: index === 1 ? 1 : 0 })),
    })

    const { body } = await customer.open(ofGuest)

    expect(body).toContain('Buy two, get the cheapest third free: Ender&#x27;s Game')
    expect(body).toContain('<dt>Total</dt><dd>€25.98</dd>')
    expect(body).toContain('<dt>Given back</dt><dd>€12.99</dd>')
    expect(body).toContain('1 × €12.99, 1 given back')
    expect(body).toContain('20 November 2026 at 12:01 UTC')
  })

  it.each([
    ['is away', [unavailable('No connection')]],
    ['answers without an order', [{ order: undefined }]],
  ])('says that it cannot be looked up while transactions %s, and looks again by itself', async (_how, answers) => {
    const { customer } = await open({
      transactions: () => ({
        async *watchOrder() {
          for (const answer of answers) {
            if (answer instanceof Error) throw answer
            yield answer
          }
        },
      }),
    })

    const { statusCode, body, headers } = await customer.open(ofGuest)

    expect([statusCode, headers['refresh']]).toEqual([200, '10'])
    expect(body).toContain('We cannot look up orders just now')
    expect(body).toContain('data-fallback="transactions"')
  })
})

describe('cancelling an order', () => {
  it('is possible while it is not paid, for a guest and for a reader', async () => {
    for (const isReader of [false, true]) {
      const { shop, customer } = await open({}, isReader)
      const { body } = await customer.open(`/orders/${id}`)
      const [, secret] = /name="secret" value="([^"]*)"/.exec(body) ?? []

      const { statusCode, headers } = await customer.send(`/orders/${id}/cancel`, {
        _csrf: tokenIn(body),
        ...(secret && { secret }),
      })

      expect([statusCode, headers.location]).toEqual([303, isReader ? `/orders/${id}` : ofGuest])
      expect(shop.orders.orders.get(id)?.state).toBe(OrderState.ORDER_STATE_CANCELLED)
      expect((await customer.open(`/orders/${id}`)).body).toContain('You cancelled it.')
    }
  })

  it('is too late once it is paid, which its page says', async () => {
    const { shop, customer } = await open()
    const { body } = await customer.open(ofGuest)
    shop.orders.change(id, confirmed)

    await customer.send(`/orders/${id}/cancel`, { _csrf: tokenIn(body), secret: orderSecret })
    const after = await customer.open(ofGuest)

    expect(after.body).toContain('It is too late to cancel this order.')
    expect(after.body).toContain('Thank you')
  })

  it.each([
    ['by a stranger', {}, 404],
    ['while transactions is away', { cancelOrder: async () => Promise.reject(unavailable('No connection')) }, 503],
  ])('does not happen %s', async (_how, handlers, code) => {
    const { shop, customer } = await open({ transactions: () => handlers })
    const { body } = await customer.open(ofGuest)

    const secret = code === 404 ? 'made-up' : orderSecret
    const { statusCode } = await customer.send(`/orders/${id}/cancel`, { _csrf: tokenIn(body), secret })

    expect(statusCode).toBe(code)
    expect(shop.orders.orders.get(id)?.state).toBe(OrderState.ORDER_STATE_RESERVED)
  })
})

describe('the orders of a reader', () => {
  it('are listed, the last first, on several pages', async () => {
    const { shop, customer } = await open({}, true)
    const order = shop.orders.orders.get(id)!
    for (let nth = 2; nth <= 30; nth++)
      shop.orders.orders.set(`AAAAA-${nth}`, { ...order, ...confirmed, id: `AAAAA-${nth}` })

    const first = await customer.open('/orders')
    const second = await customer.open('/orders?after=24')

    expect(idsIn(first.body).slice(0, 2)).toEqual(['AAAAA-30', 'AAAAA-29'])
    expect(first.body).toContain('href="/orders?after&#x3D;24"')
    expect(idsIn(second.body)).toHaveLength(6)
    expect(second.body).toContain('<a href="/orders">The newest orders</a>')
    expect(second.body).not.toContain('Older orders')
    expect(first.body).toContain('Paid')
    expect((await customer.open('/account')).body).toContain('href="/orders"')
  })

  it('are downloaded, all of them, without the pages on which they are paid', async () => {
    const { shop, customer } = await open({}, true)
    const order = shop.orders.orders.get(id)!
    for (let nth = 2; nth <= 130; nth++) shop.orders.orders.set(`AAAAA-${nth}`, { ...order, id: `AAAAA-${nth}` })

    const { body, headers } = await customer.open('/orders/export')

    const { orders } = JSON.parse(body)
    expect(orders).toHaveLength(130)
    expect(orders.at(-1)).toMatchObject({ id, state: 'ORDER_STATE_RESERVED', name: typed.name })
    expect(body).not.toContain(payUrl)
    expect(body).not.toContain('reader:')
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="books-orders.json"',
    })
    expect((await customer.open('/orders')).body).toContain('href="/orders/export"')
  })

  it.each(['/orders', '/orders/export'])('are for readers alone at %s', async (url) => {
    const { shop } = await open()

    const { statusCode, headers } = await createVisitor(shop.app).open(url)

    expect([statusCode, headers.location]).toEqual([303, `/sign-in?return_to=${encodeURIComponent(url)}`])
  })

  it.each([
    ['an unknown page', invalidArgument('page_token', 'is none'), 404, 'No such page'],
    ['no answer', unavailable('No connection'), 200, 'We cannot look up orders just now'],
  ] as const)('have a page for %s', async (_what, error, code, text) => {
    const { customer } = await open({ transactions: () => ({ listOrders: async () => Promise.reject(error) }) }, true)

    const { statusCode, body } = await customer.open('/orders?after=x')

    expect(statusCode).toBe(code)
    expect(body).toContain(text)
  })
})

type Shop = Awaited<ReturnType<typeof openSellingShop>>

function at(pay: boolean, cancel: boolean, waits: boolean) {
  return { pay, cancel, waits }
}

function idsIn(html: string): string[] {
  return [...html.matchAll(/>Order (AAAAA-\d+)</g)].map(([, found = '']) => found)
}

/** A shop with an order that is not paid, and its customer. */
async function open(options: SellingOptions = {}, isReader = false) {
  const shop = await openSellingShop(options)
  opened.defer(shop.close)
  const customer = await createCustomer(shop, { isReader })
  await customer.pay(await customer.openCheckout())
  return { shop, customer }
}
