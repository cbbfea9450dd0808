import {
  aborted,
  failedPrecondition,
  invalidArgument,
  RpcError,
  resourceExhausted,
  retryAfter,
  Status,
  unavailable,
} from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { payUrl, reason } from '../../orders.fixture.ts'
import { createCustomer, formIn, openSellingShop, type SellingOptions, typed } from './checkout.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('an order that cannot be placed as it was shown', () => {
  it('shows which prices changed and asks for the new total, under a new key', async () => {
    const lines = { 5: { unitPriceCents: 1_299 } }
    const { shop, customer } = await open({ lines })
    const form = await customer.openCheckout()
    const total = 3 * 1_299 + 100 - 1_299
    lines[5] = { unitPriceCents: 1_399 }
    shop.failOnce = aborted('Changed', reason('TOTAL_CHANGED', { total_cents: String(total) }))

    const { statusCode, body } = await customer.pay(form)
    const confirmed = formIn(body)

    expect(statusCode).toBe(409)
    expect(body).toContain('The total has changed. Nothing was ordered.')
    expect(body).toContain('costs €13.99 now, not €12.99.')
    expect(body).toContain('Pay €26.98')
    expect(body).toContain(`value="${typed.name}"`)
    expect(confirmed).toMatchObject({ total: '2698' })
    expect(confirmed['key']).not.toBe(form['key'])
  })

  it('says that the promotion is used, and asks for the total without it', async () => {
    const { shop, customer } = await open()
    const form = await customer.openCheckout()
    shop.failOnce = aborted('Used', reason('PROMOTION_USED', { total_cents: '3897' }))

    const { statusCode, body } = await customer.pay(form)

    expect(statusCode).toBe(409)
    // That one may not be paid yet.
    expect(body).toContain('Another order of yours has the free book: the promotion counts once for each customer')
    expect(body).toContain('Pay €38.97')
    expect(body).not.toContain('−€12.99')
    expect(formIn(body)['key']).not.toBe(form['key'])
  })

  it('says which book is gone and how many are left, and changes the cart on request, with what was typed', async () => {
    const { shop, customer } = await open({}, [5, 6, 6])
    const form = await customer.openCheckout()
    const metadata = { book_ids: '5,6', free_5: '0', free_6: '1' }
    shop.failOnce = failedPrecondition('Lacking', reason('OUT_OF_STOCK', metadata))

    const { statusCode, body } = await customer.pay(form)
    const fitted = await customer.pay(formIn(body), { fit: /name="fit" value="([^"]*)"/.exec(body)?.[1] ?? '' })
    const paid = await customer.pay(formIn(fitted.body))

    expect(statusCode).toBe(409)
    expect(body).toContain('Ender&#x27;s Game cannot be had any more.')
    expect(body).toContain('Of The Dune Chronicles there is one copy left.')
    expect(body).not.toContain('Pay €')
    expect(fitted.statusCode).toBe(200)
    expect(fitted.body).toContain('There is one copy of The Dune Chronicles now, not 2.')
    expect(fitted.body).toContain('One book is not in the cart any more.')
    expect(fitted.body).toContain('Pay €12.99')
    expect(fitted.body).toContain(`value="${typed.name}"`)
    expect(paid.headers.location).toBe(payUrl)
    expect(shop.orders.requests.at(-1)?.lines).toEqual([{ bookId: 6, copies: 1 }])
  })

  it('names wrong fields, keeps what was typed, and keeps the key', async () => {
    const { shop, customer } = await open()
    const form = await customer.openCheckout()
    shop.failOnce = invalidArgument('address.postal_code', 'must have at most 20 characters')

    const { statusCode, body } = await customer.pay(form, { keep: 'yes' })

    expect(statusCode).toBe(422)
    expect(body).toContain('<a href="#postal-code">Postal code must have at most 20 characters.</a>')
    expect(body).toContain('aria-describedby="postal-code-error" aria-invalid="true"')
    expect(body).toContain('value="yes" checked')
    expect(formIn(body)['key']).toBe(form['key'])
    expect(customer.cookie()).not.toContain('address-5000')
  })

  it('says that too much is not paid yet, and when to try again', async () => {
    const { shop, customer } = await open()
    const form = await customer.openCheckout()
    shop.failOnce = resourceExhausted('Too many', { ...reason('TOO_MANY_UNPAID'), ...retryAfter(600_000) })

    const { statusCode, body, headers } = await customer.pay(form)

    expect([statusCode, headers['retry-after']]).toEqual([429, '600'])
    expect(body).toContain('try again in 10 minutes')
  })

  it('says how many copies an order may have', async () => {
    const { shop, customer } = await open()
    const form = await customer.openCheckout()
    shop.failOnce = failedPrecondition('Too many', reason('TOO_MANY_COPIES', { copies: '100' }))

    const { statusCode, body } = await customer.pay(form)

    expect(statusCode).toBe(409)
    expect(body).toContain('An order takes at most 100 copies in all. Nothing was ordered.')
  })

  it.each([
    ['is away', unavailable('No connection')],
    ['does not answer in time', new RpcError(Status.DEADLINE_EXCEEDED, 'Too late')],
    ['fails', new RpcError(Status.INTERNAL, 'Internal error')],
  ])('says later where transactions %s; the same key is sent again, and the cart is kept', async (_how, error) => {
    const { shop, customer } = await open()
    const form = await customer.openCheckout()
    shop.failOnce = error

    const { statusCode, body, headers } = await customer.pay(form)
    const again = formIn(body)
    const paid = await customer.pay(again)

    expect([statusCode, headers['retry-after']]).toEqual([503, '10'])
    expect(body).toContain('We cannot take orders just now')
    expect(body).toContain('data-fallback="transactions"')
    expect({ ...again, _csrf: '' }).toEqual({ ...form, _csrf: '' })
    expect((await customer.open('/cart')).body).toContain('Ender&#x27;s Game')
    expect(paid.headers.location).toBe(payUrl)
  })

  it('is one order where the answer was lost and the form is sent again', async () => {
    const { shop, customer } = await open()
    const form = await customer.openCheckout()
    shop.loseAnswerOnce = true

    const lost = await customer.pay(form)
    const again = await customer.pay(formIn(lost.body))

    expect(lost.statusCode).toBe(503)
    expect(again.headers.location).toBe(payUrl)
    expect(shop.orders.orders.size).toBe(1)
  })

  it.each([
    ['lines', { lines: '5x1@1299;drop' }],
    ['a total', { total: '-1' }],
    ['a key', { key: 'short' }],
    ['a change of the cart', { fit: '5x999' }],
  ])('refuses %s that no form of the shop has', async (_what, fields) => {
    const { shop, customer } = await open()

    const { statusCode } = await customer.pay(await customer.openCheckout(), fields)

    expect(statusCode).toBe(400)
    expect(shop.orders.requests).toEqual([])
  })
})

/** A shop whose next order can be made to fail, and a customer of it. */
async function open(options: SellingOptions = {}, bookIds: readonly number[] = [5, 6, 9]) {
  const faults: { failOnce: RpcError | undefined; loseAnswerOnce: boolean } = {
    failOnce: undefined,
    loseAnswerOnce: false,
  }
  const shop = await openSellingShop({
    ...options,
    transactions: ({ handlers }) => ({
      async placeOrder(request) {
        const { failOnce, loseAnswerOnce } = faults
        Object.assign(faults, { failOnce: undefined, loseAnswerOnce: false })
        if (failOnce) throw failOnce
        const answer = await handlers.placeOrder(request)
        if (loseAnswerOnce) throw unavailable('The connection was lost')
        return answer
      },
    }),
  })
  opened.defer(shop.close)
  return { shop: Object.assign(faults, { orders: shop.orders }), customer: await createCustomer(shop, { bookIds }) }
}
