import { OrderState } from '@books/proto'
import { Status } from '@books/rpc'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PaymentError } from './payments/payment-provider.ts'
import {
  engines,
  makeDue,
  newOrder,
  openWorld,
  orderOf,
  refusal,
  type TransactionsUnderTest,
  untilAtRest,
  type World,
} from './transactions.fixture.ts'

const promotion = 'buy_two_get_one_free_promo'
const day = 24 * 60 * 60_000
const noSuchOrder = { code: Status.NOT_FOUND }
const falcon = { lines: [{ bookId: 1, copies: 1 }], expectedTotalCents: 999 }
const three = { lines: [1, 6, 9].map((bookId) => ({ bookId, copies: 1 })), expectedTotalCents: 2_298 }

describe.each(engines)('orders (%s)', (_, openDatabase) => {
  let world: World
  let transactions: TransactionsUnderTest
  let readers = 5_000
  beforeAll(async () => {
    world = await openWorld(openDatabase)
    world.inventory.put({ id: 1, title: 'The Maltese Falcon', priceCents: 999 }, 10_000)
    world.inventory.put({ id: 6, title: 'Dune', priceCents: 1_299 }, 10_000)
    world.inventory.put({ id: 9, title: 'Emma', priceCents: 799 }, 10_000)
    transactions = await world.start()
  })
  afterAll(async () => {
    await transactions?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  async function place(request: Parameters<typeof newOrder>[0] = {}) {
    const readerId = request.readerId ?? ++readers
    const given = newOrder({ ...falcon, ...request, readerId })
    const answer = await transactions.client.placeOrder(given)
    return { id: orderOf(answer).id, readerId, owner: { readerId, secret: answer.secret }, email: given.email ?? '' }
  }

  async function buy(request: Parameters<typeof newOrder>[0] = {}) {
    const placed = await place(request)
    await world.pay(transactions, placed.id)
    return placed
  }

  const isMailed = async (key: string) => {
    while (!world.mailer.sent.some((mail) => mail.key === key)) await new Promise(setImmediate)
    return world.mailer.sent.filter((mail) => mail.key === key)
  }

  const offersAreDone = async () => {
    const open = world.tables
      .selectFrom('outbox')
      .select('id')
      .where('kind', '=', 'offer')
      .where('done_time', 'is', null)
    while (await open.executeTakeFirst()) await new Promise(setImmediate)
  }

  describe('an order', () => {
    it('is shown only to its owner, also by an id in lower case or without its hyphen', async () => {
      const { client } = transactions
      const { id, owner } = await place()
      const guest = await place({ readerId: 0 })
      const plain = id.replace('-', '').toLowerCase()

      expect((await client.getOrder({ orderId: plain, owner })).order?.id).toBe(id)
      expect((await client.getOrder({ orderId: guest.id, owner: guest.owner })).order?.id).toBe(guest.id)
      for (const wrong of [
        { orderId: id, owner: { readerId: 1, secret: '' } },
        { orderId: id, owner: { readerId: 0, secret: '' } },
        { orderId: id, owner: guest.owner },
        { orderId: guest.id, owner: { readerId: 0, secret: '' } },
        { orderId: guest.id, owner },
        { orderId: '00000-00000', owner },
        { orderId: 'x', owner },
      ]) {
        await expect(client.getOrder(wrong)).rejects.toMatchObject(noSuchOrder)
        await expect(client.cancelOrder(wrong)).rejects.toMatchObject(noSuchOrder)
      }
    })

    it('is watched until it is final', async () => {
      const { id, owner } = await place()
      const states: OrderState[] = []
      const watching = (async () => {
        for await (const { order } of transactions.client.watchOrder({ orderId: id, owner })) {
          states.push(order?.state ?? OrderState.ORDER_STATE_UNSPECIFIED)
          if (states.length === 1) void world.pay(transactions, id)
        }
      })()

      await watching

      expect(states[0]).toBe(OrderState.ORDER_STATE_RESERVED)
      expect(states.at(-1)).toBe(OrderState.ORDER_STATE_CONFIRMED)
    })

    it('is looked up at the provider when it is watched: the customer comes back before any event', async () => {
      const { id, owner } = await place()
      world.payments.decide(id, 'authorized')

      for await (const _ of transactions.client.watchOrder({ orderId: id, owner })) continue

      expect(await untilAtRest(world.tables, id)).toMatchObject({ state: 'confirmed' })
    })

    it('is cancelled by its owner, again with the same answer, and not once it is paid', async () => {
      const { id, owner } = await place()
      const paid = await buy()

      const first = await transactions.client.cancelOrder({ orderId: id, owner })
      await untilAtRest(world.tables, id)

      expect(first.order?.state).toBe(OrderState.ORDER_STATE_CANCELLED)
      expect(await transactions.client.cancelOrder({ orderId: id, owner })).toEqual(first)
      expect(world.payments.paymentsOf(id)).toMatchObject([{ state: 'cancelled' }])
      await expect(transactions.client.cancelOrder({ orderId: paid.id, owner: paid.owner })).rejects.toMatchObject(
        refusal(Status.FAILED_PRECONDITION, 'TOO_LATE'),
      )
    })
  })

  it('lists the orders of a reader in pages, the last placed first', async () => {
    const { readerId, id } = await buy()
    const ids = [id]
    for (let made = 0; made < 4; made++) ids.unshift((await buy({ readerId })).id)
    const found: string[] = []

    for (let pageToken = ''; ; ) {
      const page = await transactions.client.listOrders({ readerId, pageSize: 2, pageToken })
      found.push(...page.orders.map((order) => order.id))
      pageToken = page.nextPageToken
      if (pageToken === '') break
    }

    expect(found).toEqual(ids)
    await expect(transactions.client.listOrders({ readerId, pageToken: 'x' })).rejects.toMatchObject({
      code: Status.INVALID_ARGUMENT,
    })
  })

  describe('a refund', () => {
    it('gives back frozen amounts and the copies, once under its key, and mails it', async () => {
      const { id } = await buy(three)
      const request = {
        key: `refund ${id}`,
        orderId: id,
        lines: [{ bookId: 6, copies: 1 }],
        reason: 'Damaged',
        restock: true,
      }
      const before = world.inventory.stockOf(6)

      const [first, second] = await Promise.all([request, request].map((each) => transactions.client.refundOrder(each)))
      await untilAtRest(world.tables, id)

      expect(first).toMatchObject({ amountCents: 1_299, order: { refundedCents: 1_299 } })
      expect(second?.amountCents).toBe(1_299)
      expect(world.payments.paymentsOf(id)).toMatchObject([{ refunds: [1_299] }])
      expect(world.inventory.stockOf(6)).toEqual({ ...before, free: before.free + 1, sold: before.sold - 1 })
      const mails = await isMailed(`refund/${id}/1`)
      expect(
        mails.map(({ text }) => text.includes('€12.99') && text.includes('Damaged') && text.includes(': one copy')),
      ).toEqual([true])
      await expect(transactions.client.refundOrder({ ...request, lines: [] })).rejects.toMatchObject({
        code: Status.ALREADY_EXISTS,
      })
      await expect(transactions.client.refundOrder({ ...request, key: `again ${id}` })).rejects.toMatchObject(
        refusal(Status.FAILED_PRECONDITION, 'ALREADY_REFUNDED'),
      )
    })

    it('of all, in parts at once, never exceeds what was captured, and gives the promotion back', async () => {
      const { id, readerId } = await buy(three)
      const refund = (bookId: number, key: string) =>
        transactions.client.refundOrder({ key: `${id} ${key}`, orderId: id, lines: [{ bookId, copies: 1 }] })
      expect(await transactions.client.getPromotions({ readerId })).toEqual({ promotions: [] })

      const results = await Promise.allSettled([1, 6, 9, 1, 6, 9].map((bookId, index) => refund(bookId, String(index))))
      await untilAtRest(world.tables, id)

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
      expect(world.payments.paymentsOf(id)).toMatchObject([{ refundedCents: 2_298 }])
      expect(await transactions.client.getPromotions({ readerId })).toEqual({ promotions: [promotion] })
      expect((await place({ ...three, readerId })).id).not.toBe(id)
    })

    it('whose answer is lost is made once, also after the provider has forgotten its key', async () => {
      const { id } = await buy()
      void world.payments.fail('refund', { when: 'after' })
      const answer = transactions.client.refundOrder({ key: `refund ${id}`, orderId: id }).catch(() => {})
      while (world.payments.paymentsOf(id)[0]?.refundedCents === 0) await new Promise(setImmediate)
      await transactions.kill()
      await answer
      world.payments.forgetKeys()
      world.pass(2 * day)
      await makeDue(world.tables)
      transactions = await world.start()

      await untilAtRest(world.tables, id)

      expect(world.payments.paymentsOf(id)).toMatchObject([{ refunds: [999] }])
      await isMailed(`refund/${id}/1`)
    })

    it('that takes longer than its call is pending, and is told by the same request once it is made', async () => {
      const { id } = await buy()
      const request = { key: `refund ${id}`, orderId: id }
      void world.payments.fail('refund', { when: 'before' })

      const pending = await transactions.client.refundOrder(request, { deadlineMs: 3_000 })
      world.payments.answerHanging()

      expect(pending).toMatchObject({ isPending: true, amountCents: 999 })
      expect(await transactions.client.refundOrder(request)).toMatchObject({ isPending: false, amountCents: 999 })
    })

    it('that the provider refuses is taken back', async () => {
      const { id } = await buy()
      void world.payments.fail('refund', { when: 'before', error: new PaymentError('rejected', 'no') })

      await expect(transactions.client.refundOrder({ key: `refund ${id}`, orderId: id })).rejects.toMatchObject(
        refusal(Status.FAILED_PRECONDITION, 'REFUND_REFUSED'),
      )
      expect(await transactions.client.refundOrder({ key: `once more ${id}`, orderId: id })).toMatchObject({
        amountCents: 999,
      })
    })

    it('is refused for an order that is not confirmed', async () => {
      const { id } = await place()

      await expect(transactions.client.refundOrder({ key: `refund ${id}`, orderId: id })).rejects.toMatchObject(
        refusal(Status.FAILED_PRECONDITION, 'NOT_CONFIRMED'),
      )
    })
  })

  it('marks an order as sent, and mails it once', async () => {
    const { id, owner } = await buy()
    const unpaid = await place()

    await Promise.all([1, 2, 3].map(() => transactions.client.shipOrder({ orderId: id })))

    expect((await transactions.client.getOrder({ orderId: id, owner })).order?.shippedAt).toBeInstanceOf(Date)
    expect(await isMailed(`shipped/${id}`)).toHaveLength(1)
    await expect(transactions.client.shipOrder({ orderId: unpaid.id })).rejects.toMatchObject(
      refusal(Status.FAILED_PRECONDITION, 'NOT_CONFIRMED'),
    )
  })

  it('lists what a reader bought and has not given back', async () => {
    const { id, readerId } = await buy(three)
    await place({ readerId, lines: [{ bookId: 1, copies: 1 }] })
    await transactions.client.refundOrder({ key: `refund ${id}`, orderId: id, lines: [{ bookId: 6, copies: 1 }] })

    expect(await transactions.client.listBought({ readerId, bookIds: [9, 6, 1, 7] })).toEqual({ bookIds: [1, 9] })
    expect(await transactions.client.listBought({ readerId: 1, bookIds: [1] })).toEqual({ bookIds: [] })
  })

  it('reports sales by the time of confirmation, and what the promotion cost and brought', async () => {
    world.pass(400 * day)
    const from = new Date(Date.now() + 300 * day)
    const before = await transactions.client.getSalesReport({ from, to: new Date(from.getTime() + 1_000 * day) })
    await buy(three)
    const { id } = await buy()
    await transactions.client.refundOrder({ key: `refund ${id}`, orderId: id })

    const { sales } = await transactions.client.getSalesReport({ from, to: new Date(from.getTime() + 1_000 * day) })

    expect(before.sales).toEqual([])
    expect(sales).toEqual([
      {
        ...{ currency: 'EUR', orders: 2, copies: 4, revenueCents: 2_298, refundedCents: 999 },
        ...{ promotionOrders: 1, promotionDiscountCents: 799, promotionRevenueCents: 2_298 },
      },
    ])
    await expect(transactions.client.getSalesReport({})).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT })
  })

  it('mails the promotion to subscribers who have not used it, once each, however often the campaign runs', async () => {
    const used = await buy(three)
    const reader = ++readers
    const changed = ++readers
    world.unsubscribed.add(changed)
    world.subscribers.push(
      { readerId: changed, name: 'Otto', email: 'changed@example.org' },
      { readerId: used.readerId, name: 'Ada', email: 'used@example.org' },
      { readerId: reader, name: 'Ines', email: 'ines@example.org' },
    )
    const run = async () => {
      let last = { readers: 0, mailed: 0 }
      for await (const message of transactions.client.runCampaign({})) last = message
      return last
    }

    const runs = await Promise.all([run(), run()])
    const mail = await world.mailer.waitFor('ines@example.org')

    expect(runs.map(({ mailed }) => mailed).toSorted((a, b) => a - b)).toEqual([0, 2])
    expect(await run()).toEqual({ readers: 3, mailed: 0 })
    expect(mail.text).toContain('https://books.example/account')
    expect(mail.key).not.toContain(String(reader))
    await offersAreDone()
    expect(world.mailer.sent.filter(({ to }) => /used|changed/.test(to))).toEqual([])
  })

  describe('watching final orders', () => {
    it('tells each once, also those that commit late, and goes on from a revision', async () => {
      const first = await buy()
      const seen: string[] = []
      let revision = 0
      const stop = new AbortController()
      const enough = Promise.withResolvers<void>()
      const wanted = new Set<string>()
      const watching = (async () => {
        for await (const message of transactions.client.watchOrders(
          { afterRevision: 0 },
          { signal: stop.signal, deadlineMs: day },
        )) {
          seen.push(...message.orders.map(({ id }) => id))
          expect(message.revision).toBeGreaterThanOrEqual(revision)
          revision = message.revision
          if (wanted.size > 0 && [...wanted].every((id) => seen.includes(id))) enough.resolve()
        }
      })().catch(() => {})
      const placed = await Promise.all(Array.from({ length: 12 }, () => place()))
      for (const { id } of [first, ...placed]) wanted.add(id)
      await Promise.all(placed.map(({ id }) => world.pay(transactions, id)))

      await enough.promise
      stop.abort()
      await watching

      expect(new Set(seen).size).toBe(seen.length)
      for await (const message of transactions.client.watchOrders({ afterRevision: revision })) {
        expect(message).toEqual({ orders: [], revision, isCurrent: true })
        break
      }
      for await (const message of transactions.client.watchOrders({ afterRevision: revision + 1_000 })) {
        expect(message.orders.length).toBeGreaterThanOrEqual(wanted.size)
        break
      }
    })
  })

  it('forgets who a reader was whose account is deleted, once nothing is left to send', async () => {
    const sent = await buy()
    await transactions.client.shipOrder({ orderId: sent.id })
    await isMailed(`shipped/${sent.id}`)
    const unsent = await buy({ readerId: sent.readerId })
    const nameOf = async (id: string) =>
      await world.tables
        .selectFrom('orders')
        .select(['email', 'name', 'address', 'total_cents'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()

    world.deleteReader(sent.readerId)

    while ((await nameOf(sent.id)).email !== null) await new Promise(setImmediate)
    expect(await nameOf(sent.id)).toMatchObject({ name: null, address: null, total_cents: expect.anything() })
    expect((await nameOf(unsent.id)).email).not.toBeNull()
  })
})
