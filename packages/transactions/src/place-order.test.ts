import { OrderState } from '@books/proto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  engines,
  newOrder,
  openWorld,
  orderOf,
  type TransactionsUnderTest,
  untilAtRest,
  type World,
} from './transactions.fixture.ts'

const promotion = 'buy_two_get_one_free_promo'

describe.each(engines)('placing an order (%s)', (_, openDatabase) => {
  let world: World
  let transactions: TransactionsUnderTest
  beforeAll(async () => {
    world = await openWorld(openDatabase)
    world.inventory.put({ id: 1, title: 'The Maltese Falcon', priceCents: 999 }, 1_000)
    world.inventory.put({ id: 6, title: 'Dune', priceCents: 1_299 }, 1_000)
    world.inventory.put({ id: 9, title: 'Emma', priceCents: 799 }, 1_000)
    transactions = await world.start()
  })
  afterAll(async () => {
    await transactions?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  const three = { lines: [1, 6, 9].map((bookId) => ({ bookId, copies: 1 })), expectedTotalCents: 2_298 }

  it('holds the copies, freezes the prices, takes off the promotion and begins the payment', async () => {
    const { order, secret } = await transactions.client.placeOrder(newOrder({ ...three, cartId: 'cart-of-ada' }))

    expect(order).toMatchObject({
      id: expect.stringMatching(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/),
      state: OrderState.ORDER_STATE_RESERVED,
      subtotalCents: 3_097,
      discountCents: 799,
      totalCents: 2_298,
      promotion,
      currency: 'EUR',
      cartId: 'cart-of-ada',
      redirectUrl: expect.stringContaining('https://pay.example/'),
    })
    expect(
      order?.lines.map(({ title, unitPriceCents, discountCents }) => [title, unitPriceCents, discountCents]),
    ).toEqual([
      ['The Maltese Falcon', 999, 0],
      ['Dune', 1_299, 0],
      ['Emma', 799, 799],
    ])
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(world.inventory.stockOf(9).held).toBeGreaterThanOrEqual(1)
  })

  it('is confirmed once it is paid, and mails one receipt', async () => {
    const request = newOrder(three)
    const { id } = orderOf(await transactions.client.placeOrder(request))
    world.payments.decide(id, 'authorized')

    await sendEvent(id)

    expect(await untilAtRest(world.tables, id)).toMatchObject({ state: 'confirmed' })
    expect(world.payments.paymentsOf(id)).toMatchObject([{ state: 'captured', captures: 1, refundedCents: 0 }])
    const mail = await world.mailer.waitFor(request.email ?? '')
    expect(mail.content).toMatchObject({
      subject: `Your order ${id} at Books`,
      lines: [
        { label: 'The Maltese Falcon, Ada Author', value: '€9.99' },
        { label: 'Dune, Ada Author', value: '€12.99' },
        { label: 'Emma, Ada Author', value: '€7.99' },
        { label: 'Buy two, get the cheapest third free', value: '-€7.99' },
        { label: 'Total, with VAT and postage', value: '€22.98', isTotal: true },
      ],
    })
    expect(mail.content.action?.url).toMatch(new RegExp(`^https://books.example/orders/${id}\\?secret=[\\w-]{43}$`))
    expect(mail.text).toContain('All prices include VAT and postage.')
  })

  it('takes the place of an unpaid order of the same cart, also with the last copy', async () => {
    world.inventory.put({ id: 11, title: 'Kim', priceCents: 500 }, 1)
    const inCart = { cartId: 'cart-of-two-tabs', email: 'tabs@example.org', ...lastCopy(11) }
    const first = orderOf(await transactions.client.placeOrder(newOrder(inCart)))

    const second = orderOf(await transactions.client.placeOrder(newOrder(inCart)))

    expect(second.state).toBe(OrderState.ORDER_STATE_RESERVED)
    expect(await untilAtRest(world.tables, first.id)).toMatchObject({ cancel_reason: 'replaced' })
    expect(world.inventory.stockOf(11)).toEqual({ free: 0, held: 1, sold: 0 })
  })

  it('finds the last copy where cancelled orders of the same cart still hold it', async () => {
    world.inventory.put({ id: 12, title: 'Lolly Willowes', priceCents: 500 }, 1)
    const inCart = { cartId: 'cart-of-many-tabs', email: 'many-tabs@example.org', ...lastCopy(12) }
    const first = orderOf(await transactions.client.placeOrder(newOrder(inCart)))
    // As after a cancellation whose process died before it undid anything.
    await world.tables
      .updateTable('orders')
      .set({ state: 'cancelled', cancel_reason: 'customer', final_at: new Date(), next_step_time: new Date(2_100, 0) })
      .where('id', '=', first.id)
      .execute()

    const second = orderOf(await transactions.client.placeOrder(newOrder(inCart)))

    expect(second.state).toBe(OrderState.ORDER_STATE_RESERVED)
    expect(world.inventory.stockOf(12)).toEqual({ free: 0, held: 1, sold: 0 })
  })

  it('refunds once however often the same refund is asked for', async () => {
    const { id } = orderOf(await transactions.client.placeOrder(newOrder({ ...three })))
    world.payments.decide(id, 'authorized')
    await sendEvent(id)
    await untilAtRest(world.tables, id)
    const refund = { key: `twice-${id}`, orderId: id, lines: [{ bookId: 1, copies: 1 }], reason: 'a torn page' }

    const answers = await Promise.all([1, 2, 3].map(() => transactions.client.refundOrder(refund)))

    expect(answers.map(({ amountCents }) => amountCents)).toEqual([999, 999, 999])
    expect(world.payments.paymentsOf(id)).toMatchObject([{ refunds: [999] }])
  })

  function lastCopy(bookId: number) {
    return { lines: [{ bookId, copies: 1 }], expectedTotalCents: 500 }
  }

  async function sendEvent(orderId: string): Promise<void> {
    const body = Buffer.from(JSON.stringify({ id: 'evt', orderId, paymentId: 'pay' }))
    await transactions.client.receivePaymentEvent({ body, headers: { signature: 'right' } })
  }
})
