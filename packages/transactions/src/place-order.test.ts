import { CancelReason, OrderState, type PlaceOrderRequest } from '@books/proto'
import { Status, unavailable } from '@books/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PaymentError } from './payments/payment-provider.ts'
import {
  engines,
  newOrder,
  openWorld,
  orderOf,
  refusal,
  type TransactionsUnderTest,
  untilAtRest,
  type World,
} from './transactions.fixture.ts'

const promotion = 'buy_two_get_one_free_promo'
const away = unavailable('No connection established')

describe.each(engines)('placing an order (%s)', (_, openDatabase) => {
  let world: World
  let transactions: TransactionsUnderTest
  beforeAll(async () => {
    world = await openWorld(openDatabase)
    world.inventory.put({ id: 1, title: 'The Maltese Falcon', priceCents: 999 }, 10_000)
    world.inventory.put({ id: 6, title: 'Dune', priceCents: 1_299 }, 10_000)
    world.inventory.put({ id: 9, title: 'Emma', priceCents: 799 }, 10_000)
    world.inventory.put({ id: 12, currency: 'USD' }, 10)
    transactions = await world.start()
  })
  afterAll(async () => {
    await transactions?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  const falcon = { lines: [{ bookId: 1, copies: 1 }], expectedTotalCents: 999 }
  const three = { lines: [1, 6, 9].map((bookId) => ({ bookId, copies: 1 })), expectedTotalCents: 2_298 }
  const request = (changes: Partial<PlaceOrderRequest> = falcon) => newOrder(changes)
  const place = (given = request()) => transactions.client.placeOrder(given)
  const pay = (id: string) => world.pay(transactions, id)
  const countOrders = async (cartId = '') =>
    (await world.tables.selectFrom('orders').select('id').where('cart_id', '=', cartId).execute()).length

  it('holds the copies, freezes the prices, takes off the promotion and begins the payment', async () => {
    const { order, secret } = await place(request({ ...three, cartId: 'cart-of-ada' }))

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
    expect(world.inventory.calls).toContain(`reserveStock ${order?.id}`)
  })

  it('is confirmed once it is paid, and mails one receipt', async () => {
    const given = request(three)
    const { id } = orderOf(await place(given))

    expect(await pay(id)).toMatchObject({ state: 'confirmed' })
    expect(world.payments.paymentsOf(id)).toMatchObject([{ state: 'captured', captures: 1, refundedCents: 0 }])
    const mail = await world.mailer.waitFor(given.email ?? '')
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
    expect(mail.text).toContain('SW1Y 4JH London, United Kingdom')
  })

  describe('a key', () => {
    it('answers the same order again, whatever happened to prices and from wherever it is sent', async () => {
      const given = request()
      const first = await place(given)
      world.inventory.put({ id: 1, title: 'The Maltese Falcon', priceCents: 1_099 }, 10_000)

      const again = await place({ ...given, network: '203.0.113.7', returnUrl: 'https://other.example/orders' })

      world.inventory.put({ id: 1, title: 'The Maltese Falcon', priceCents: 999 }, 10_000)
      expect(again).toEqual(first)
    })

    it('answers without inventory, in the state that the order has by now', async () => {
      const given = request()
      const { id } = orderOf(await place(given))
      await pay(id)
      const fault = world.inventory.fail('getBooks', { when: 'before', error: away })

      expect((await place(given)).order).toMatchObject({ id, state: OrderState.ORDER_STATE_CONFIRMED })

      // It was not asked.
      await expect(place()).rejects.toMatchObject({ code: Status.UNAVAILABLE })
      await fault
    })

    it('makes one order of ten requests at once', async () => {
      const given = request(three)

      const answers = await Promise.all(Array.from({ length: 10 }, () => place(given)))

      expect(new Set(answers.map((answer) => `${orderOf(answer).id} ${answer.secret}`)).size).toBe(1)
      expect(await countOrders(given.cartId)).toBe(1)
      expect(world.payments.paymentsOf(orderOf(answers[0]!).id)).toHaveLength(1)
    })

    it('is refused for another request, also for another cart at the same time', async () => {
      const given = request()
      await place(given)
      const other = { code: Status.ALREADY_EXISTS }

      await expect(place({ ...given, name: 'Eve' })).rejects.toMatchObject(other)
      await expect(place({ ...given, cartId: 'another' })).rejects.toMatchObject(other)
      const raced = request()
      const results = await Promise.allSettled(
        ['a', 'b'].map((cart) => place({ ...raced, cartId: `${raced.cartId}-${cart}` })),
      )
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: other })
    })
  })

  describe('what the customer was shown', () => {
    it('has another total: the order is refused, and asked for again under the same key', async () => {
      const given = request({ ...three, expectedTotalCents: 3_097 })

      await expect(place(given)).rejects.toMatchObject(
        refusal(Status.ABORTED, 'TOTAL_CHANGED', { total_cents: '2298' }),
      )
      expect(await countOrders(given.cartId)).toBe(0)
      expect((await place({ ...given, expectedTotalCents: 2_298 })).order?.totalCents).toBe(2_298)
    })

    it('has books that are gone, or cost another currency', async () => {
      const gone = request({
        lines: [7_001, 1, 7_000].map((bookId) => ({ bookId, copies: 1 })),
        expectedTotalCents: 999,
      })
      const mixed = request({ lines: [1, 12].map((bookId) => ({ bookId, copies: 1 })), expectedTotalCents: 1_998 })

      await expect(place(gone)).rejects.toMatchObject(
        refusal(Status.FAILED_PRECONDITION, 'BOOK_GONE', { book_ids: '7000,7001' }),
      )
      await expect(place(mixed)).rejects.toMatchObject(
        refusal(Status.FAILED_PRECONDITION, 'OTHER_CURRENCY', { book_ids: '12' }),
      )
    })
  })

  describe('the last copy', () => {
    it('is sold once; the others learn which book lacks, under the same key again, and hold nothing', async () => {
      world.inventory.put({ id: 20, priceCents: 999 }, 1)
      const requests = Array.from({ length: 6 }, () =>
        request({ lines: [1, 20].map((bookId) => ({ bookId, copies: 1 })), expectedTotalCents: 1_998 }),
      )

      const results = await Promise.allSettled(requests.map(place))

      const lost = requests.filter((_, index) => results[index]?.status === 'rejected')
      const outOfStock = refusal(Status.FAILED_PRECONDITION, 'OUT_OF_STOCK', { book_ids: '20', free_20: '0' })
      expect(lost).toHaveLength(5)
      for (const given of lost) await expect(place(given)).rejects.toMatchObject(outOfStock)
      expect(world.inventory.stockOf(20)).toEqual({ free: 0, held: 1, sold: 0 })
      const rows = await world.tables
        .selectFrom('orders')
        .select(['id', 'cancel_reason', 'payment_begun_at'])
        .where(
          'cart_id',
          'in',
          lost.map(({ cartId = '' }) => cartId),
        )
        .execute()
      for (const row of rows) expect(row).toMatchObject({ cancel_reason: 'out_of_stock', payment_begun_at: null })
    })

    it('is not blocked by the order that a newer one of the same cart replaces', async () => {
      world.inventory.put({ id: 21, priceCents: 999 }, 1)
      const lines = [{ bookId: 21, copies: 1 }]
      const first = request({ lines, expectedTotalCents: 999 })
      const replaced = orderOf(await place(first))

      const { order } = await place(request({ lines, expectedTotalCents: 999, ...pick(first, 'cartId', 'email') }))

      expect(order?.state).toBe(OrderState.ORDER_STATE_RESERVED)
      expect(await untilAtRest(world.tables, replaced.id)).toMatchObject({
        state: 'cancelled',
        cancel_reason: 'replaced',
      })
      expect(world.payments.paymentsOf(replaced.id)).toMatchObject([{ state: 'cancelled' }])
      expect(world.inventory.stockOf(21)).toEqual({ free: 0, held: 1, sold: 0 })
    })
  })

  it('finds the last copy where cancelled orders of the same cart still hold it', async () => {
    world.inventory.put({ id: 22, priceCents: 999 }, 1)
    const first = request({ lines: [{ bookId: 22, copies: 1 }], expectedTotalCents: 999 })
    const { id } = orderOf(await place(first))
    // As after a cancellation whose process died before it undid anything.
    await world.tables
      .updateTable('orders')
      .set({ state: 'cancelled', cancel_reason: 'customer', final_at: new Date(), next_step_time: new Date(2_100, 0) })
      .where('id', '=', id)
      .execute()

    const second = orderOf(await place(request({ ...first, idempotencyKey: `${first.idempotencyKey}-2` })))

    expect(second.state).toBe(OrderState.ORDER_STATE_RESERVED)
    expect(world.inventory.stockOf(22)).toEqual({ free: 0, held: 1, sold: 0 })
  })

  describe('a cart', () => {
    it('has one open order, however many are placed at once', async () => {
      const first = request()
      await Promise.all(
        Array.from({ length: 8 }, () => place(request({ ...falcon, ...pick(first, 'cartId', 'email') }))),
      )

      const orders = await world.tables
        .selectFrom('orders')
        .select(['id', 'state'])
        .where('cart_id', '=', first.cartId ?? '')
        .execute()
      expect(orders).toHaveLength(8)
      expect(orders.filter(({ state }) => state === 'reserved')).toHaveLength(1)
      for (const { id } of orders.filter(({ state }) => state !== 'reserved')) await untilAtRest(world.tables, id)
    })

    it('is not ordered again while its order is being paid for, and is afterwards', async () => {
      const given = request()
      const { id } = orderOf(await place(given))
      const reached = world.payments.fail('capture', { when: 'before', error: new PaymentError('busy', 'not now') })
      world.payments.decide(id, 'authorized')
      await world.sendEvent(transactions, id)
      await reached

      await expect(place(request({ ...falcon, ...pick(given, 'cartId', 'email') }))).rejects.toMatchObject(
        refusal(Status.FAILED_PRECONDITION, 'ORDER_IN_PROGRESS', { order_id: id }),
      )
      await untilAtRest(world.tables, id)
      expect(orderOf(await place(request({ ...falcon, ...pick(given, 'cartId', 'email') }))).id).not.toBe(id)
    })
  })

  describe('the promotion', () => {
    const usedUp = refusal(Status.ABORTED, 'PROMOTION_USED', { total_cents: '3097' })

    it('is had once by a customer who orders twenty times at once; the others are asked with the new total', async () => {
      const readerId = 4_000
      await world.tables.deleteFrom('orders').where('reader_id', '=', readerId).execute()
      const requests = Array.from({ length: 3 }, () => request({ ...three, readerId }))

      const results = await Promise.allSettled(requests.map(place))

      const lost = requests.filter((_, index) => results[index]?.status === 'rejected')
      expect(lost).toHaveLength(2)
      for (const { reason } of results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]) {
        expect(reason).toMatchObject(usedUp)
      }
      expect((await place({ ...lost[0], expectedTotalCents: 3_097 })).order).toMatchObject({
        promotion: '',
        totalCents: 3_097,
      })
    })

    it('belongs to the address of a guest, in whatever case', async () => {
      const given = request(three)
      await pay(orderOf(await place(given)).id)

      await expect(place(request({ ...three, email: given.email?.toUpperCase() ?? '' }))).rejects.toMatchObject(usedUp)
      expect(await transactions.client.getPromotions({ email: given.email?.toUpperCase() ?? '' })).toEqual({
        promotions: [],
      })
      expect(await transactions.client.getPromotions({ email: 'another@example.org' })).toEqual({
        promotions: [promotion],
      })
    })

    it('comes back when the order was cancelled, and is not spent by a payment that was abandoned', async () => {
      const readerId = 4_001
      const first = request({ ...three, readerId })
      const { id } = orderOf(await place(first))
      expect(await transactions.client.getPromotions({ readerId })).toEqual({ promotions: [promotion] })

      const second = orderOf(await place(request({ ...three, readerId, ...pick(first, 'cartId') })))
      expect(second).toMatchObject({ promotion, totalCents: 2_298 })
      await transactions.client.cancelOrder({ orderId: second.id, owner: { readerId, secret: '' } })

      expect(orderOf(await place(request({ ...three, readerId })))).toMatchObject({ promotion })
      expect(await untilAtRest(world.tables, id)).toMatchObject({ cancel_reason: 'replaced' })
    })
  })

  describe('orders that are not paid', () => {
    const tooMany = {
      ...refusal(Status.RESOURCE_EXHAUSTED, 'TOO_MANY_UNPAID'),
      details: { retryInfo: { retryDelay: expect.anything() }, errorInfo: { reason: 'TOO_MANY_UNPAID' } },
    }

    it('are limited for a customer, also at once, until one is paid', async () => {
      const readerId = 4_100
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => place(request({ ...falcon, readerId }))))

      const placed = results.flatMap((result) => (result.status === 'fulfilled' ? [orderOf(result.value).id] : []))
      expect(placed).toHaveLength(3)
      await expect(place(request({ ...falcon, readerId }))).rejects.toMatchObject(tooMany)
      await pay(placed[0]!)
      await place(request({ ...falcon, readerId }))
    })

    it('are limited for a network, in orders and in copies', async () => {
      const many = { lines: [{ bookId: 1, copies: 20 }], expectedTotalCents: 19 * 999 }
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => place(request({ ...many, network: '198.51.100.7' }))),
      )
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)

      const few = await Promise.allSettled(
        Array.from({ length: 25 }, (__, last) => place(request({ ...falcon, network: `2001:db8::${last}` }))),
      )
      expect(few.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
      await expect(place(request({ ...falcon, network: '2001:db8::ffff' }))).rejects.toMatchObject(tooMany)
    })

    it('are not to blame for an order that is larger than any network may have', async () => {
      const ids = [31, 32, 33, 34, 35, 36]
      for (const id of ids) world.inventory.put({ id, title: 'Kim', priceCents: 100 }, 100)
      const huge = { lines: ids.map((bookId) => ({ bookId, copies: 20 })), expectedTotalCents: 119 * 100 }

      await expect(place(request({ ...huge, network: '203.0.113.9' }))).rejects.toMatchObject({
        ...refusal(Status.FAILED_PRECONDITION, 'TOO_MANY_COPIES'),
        details: { errorInfo: { metadata: { copies: '100' } } },
      })
    })
  })

  it('answers UNAVAILABLE while prices cannot be read, and places nothing', async () => {
    const given = request()
    void world.inventory.fail('getBooks', { when: 'before', error: away })

    await expect(place(given)).rejects.toMatchObject({ code: Status.UNAVAILABLE })
    expect(await countOrders(given.cartId)).toBe(0)
  })

  it('answers the order as it is where the provider is away, and goes on by itself', async () => {
    void world.payments.fail('start', { when: 'after', error: new PaymentError('unknown', 'no answer') })
    const given = request()
    const { order } = await place(given)
    expect(order).toMatchObject({ state: OrderState.ORDER_STATE_RESERVED, redirectUrl: '' })

    const stream = transactions.client.watchOrder({
      orderId: order?.id ?? '',
      owner: { readerId: 0, secret: (await place(given)).secret },
    })
    for await (const message of stream) if (orderOf(message).redirectUrl !== '') break

    expect(world.payments.paymentsOf(order?.id ?? '')).toHaveLength(1)
  })

  it('is cancelled where the provider refuses the payment', async () => {
    void world.payments.fail('start', { when: 'before', error: new PaymentError('rejected', 'no') })
    const { order } = await place()

    expect(order).toMatchObject({
      state: OrderState.ORDER_STATE_CANCELLED,
      cancelReason: CancelReason.CANCEL_REASON_PAYMENT_FAILED,
    })
  })

  it.each<[string, Partial<PlaceOrderRequest>]>([
    ['idempotency_key', { idempotencyKey: 'short' }],
    ['idempotency_key', { idempotencyKey: 'é'.repeat(20) }],
    ['cart_id', { cartId: '' }],
    ['reader_id', { readerId: -1 }],
    ['email', { email: 'ada@example.org\r\nBcc: eve@example.org' }],
    ['name', { name: '\u202e' }],
    ['name', { name: 'x'.repeat(101) }],
    ['address.country', { address: { street: 'a', postalCode: '1', city: 'Ulm', country: 'Germany' } }],
    ['address.street', { address: { street: 'a\nb\nc', postalCode: '1', city: 'Ulm', country: 'DE' } }],
    ['address.city', { address: { street: 'a', postalCode: '1', city: '', country: 'DE' } }],
    ['lines', { lines: [] }],
    ['lines', { lines: [1, 1].map((bookId) => ({ bookId, copies: 1 })) }],
    ['lines.copies', { lines: [{ bookId: 1, copies: 21 }] }],
    ['lines.book_id', { lines: [{ bookId: 0, copies: 1 }] }],
    ['expected_total_cents', { expectedTotalCents: -1 }],
    ['currency', { currency: 'eur' }],
    ['return_url', { returnUrl: 'javascript:alert(1)' }],
    ['network', { network: 'localhost' }],
  ])('refuses a wrong %s', async (field, wrong) => {
    await expect(place(request({ ...falcon, ...wrong }))).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: { badRequest: { fieldViolations: [{ field }] } },
    })
  })

  it('names everything that is wrong of what was typed', async () => {
    const wrong = { email: '', name: '', address: undefined }
    const fields = ['email', 'name', 'address.street', 'address.city', 'address.country']
    await expect(place(request({ ...falcon, ...wrong }))).rejects.toMatchObject({
      details: { badRequest: { fieldViolations: fields.map((field) => ({ field })) } },
    })
  })

  it('says how many lines a street may have', async () => {
    const address = { street: 'a\nb\nc', postalCode: '1', city: 'Ulm', country: 'DE' }
    await expect(place(request({ ...falcon, address }))).rejects.toMatchObject({
      details: { badRequest: { fieldViolations: [{ description: 'must have at most 2 lines' }] } },
    })
  })
})

function pick<Key extends keyof PlaceOrderRequest>(request: Partial<PlaceOrderRequest>, ...keys: Key[]) {
  return Object.fromEntries(keys.map((key) => [key, request[key]])) as Pick<PlaceOrderRequest, Key>
}
