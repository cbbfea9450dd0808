import { unavailable } from '@books/rpc'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { PaymentError } from '../payments/payment-provider.ts'
import {
  engines,
  makeDue,
  newOrder,
  openWorld,
  orderOf,
  type TransactionsUnderTest,
  untilAtRest,
  type World,
} from '../transactions.fixture.ts'

const hour = 60 * 60_000
const lost = new PaymentError('unknown', 'no answer')
const falcon = { lines: [{ bookId: 1, copies: 1 }], expectedTotalCents: 999 }
const three = { lines: [{ bookId: 1, copies: 3 }], expectedTotalCents: 2 * 999 }

describe.each(engines)('the steps of an order (%s)', (_, openDatabase) => {
  let opened: AsyncDisposableStack
  let world: World
  let transactions: TransactionsUnderTest
  beforeEach(async () => {
    opened = new AsyncDisposableStack()
    world = opened.use(await openWorld(openDatabase))
    world.inventory.put({ id: 1, priceCents: 999 }, 10)
    transactions = opened.use(await world.start())
  })
  afterEach(() => opened.disposeAsync())

  const place = async (request = newOrder(falcon)) => orderOf(await transactions.client.placeOrder(request)).id
  const stock = () => world.inventory.stockOf(1)

  async function restart(): Promise<void> {
    await transactions.kill()
    await makeDue(world.tables)
    transactions = opened.use(await world.start())
  }

  /** What must be true of a paid order, whatever happened on the way. */
  async function expectConfirmedOnce(id: string, copies = 1): Promise<void> {
    expect(await untilAtRest(world.tables, id)).toMatchObject({ state: 'confirmed' })
    expect(world.payments.paymentsOf(id)).toMatchObject([{ state: 'captured', captures: 1, refunds: [] }])
    expect(stock()).toEqual({ free: 10 - copies, held: 0, sold: copies })
    const receipts = () => world.mailer.sent.filter(({ key }) => key === `receipt/${id}`)
    while (receipts().length === 0) await new Promise(setImmediate)
    expect(receipts()).toHaveLength(1)
  }

  /** What must be true of an order that came to nothing: all copies are free, and the customer has the money. */
  async function expectUndone(id: string, reason: string): Promise<void> {
    expect(await untilAtRest(world.tables, id)).toMatchObject({ state: 'cancelled', cancel_reason: reason })
    expect(stock()).toEqual({ free: 10, held: 0, sold: 0 })
    for (const { state, captures, refundedCents, amountCents } of world.payments.paymentsOf(id)) {
      if (state === 'captured') expect([captures, refundedCents]).toEqual([1, amountCents])
      else expect(['cancelled', 'declined']).toContain(state)
    }
    expect(world.mailer.sent).toEqual([])
  }

  describe('a process that is killed', () => {
    it.each([
      ['reserveStock', 'before'],
      ['reserveStock', 'after'],
    ] as const)('%s the copies are held (%s) leaves an order that the next one takes up', async (operation, when) => {
      const request = newOrder(falcon)
      const reached = world.inventory.fail(operation, { when })
      const answer = transactions.client.placeOrder(request).catch(() => undefined)
      await reached

      await restart()

      await answer
      const id = await place(request)
      await untilOpen(id)
      await world.pay(transactions, id)
      await expectConfirmedOnce(id)
    })

    it.each(['before', 'after'] as const)('%s the payment is begun leaves one payment', async (when) => {
      const request = newOrder(falcon)
      const reached = world.payments.fail('start', { when })
      const answer = transactions.client.placeOrder(request).catch(() => undefined)
      await reached

      await restart()

      await answer
      const id = await place(request)
      await untilOpen(id)
      await world.pay(transactions, id)
      await expectConfirmedOnce(id)
    })

    it.each([
      ['find', 'before'],
      ['find', 'after'],
      ['capture', 'before'],
      ['capture', 'after'],
    ] as const)('at the payment (%s, %s) sells once', async (operation, when) => {
      const id = await place()
      world.payments.decide(id, 'authorized')
      const reached = world.payments.fail(operation, { when })
      await world.sendEvent(transactions, id)
      await reached

      await restart()

      await expectConfirmedOnce(id)
    })

    it.each(['before', 'after'] as const)('%s the copies are sold sells them once', async (when) => {
      const id = await place()
      world.payments.decide(id, 'authorized')
      const reached = world.inventory.fail('commitReservation', { when })
      await world.sendEvent(transactions, id)
      await reached

      await restart()

      await expectConfirmedOnce(id)
    })

    it.each([
      ['releaseReservation', 'before'],
      ['releaseReservation', 'after'],
      ['adjustStock', 'before'],
      ['adjustStock', 'after'],
    ] as const)(
      'while the copies of a declined order come back (%s, %s) returns them once',
      async (operation, when) => {
        const id = await place(newOrder(three))
        world.payments.declineCaptures()
        world.payments.decide(id, 'authorized')
        const reached = world.inventory.fail(operation, { when })
        await world.sendEvent(transactions, id)
        await reached

        await restart()

        await expectUndone(id, 'declined')
      },
    )

    it.each([
      ['cancel', 'before'],
      ['cancel', 'after'],
      ['refund', 'before'],
      ['refund', 'after'],
    ] as const)(
      'while a captured order that was cancelled is given back (%s, %s) gives it back once',
      async (operation, when) => {
        const { id, owner } = await captureAndLoseTheAnswer()
        const reached = world.payments.fail(operation, { when })
        await transactions.client.cancelOrder({ orderId: id, owner })
        await makeDue(world.tables)
        await reached

        await restart()

        await expectUndone(id, 'customer')
        expect(world.payments.paymentsOf(id)).toMatchObject([{ refunds: [999] }])
      },
    )
  })

  describe('an answer that is lost', () => {
    it('is asked for again under the same key, and never taken for a decline', async () => {
      for (const operation of ['start', 'capture'] as const)
        void world.payments.fail(operation, { when: 'after', error: lost })
      for (const operation of ['reserveStock', 'commitReservation'] as const) {
        void world.inventory.fail(operation, { when: 'after', error: unavailable('reset') })
      }
      const id = await place()
      await untilOpen(id)
      world.payments.decide(id, 'authorized')
      await world.sendEvent(transactions, id)

      await expectConfirmedOnce(id)
      expect(world.payments.calls.filter((call) => call.includes(id))).toEqual([
        `start ${id}:start:1`,
        `capture ${id}:capture`,
      ])
    })

    it('is looked up once its key is too old: no second payment is begun', async () => {
      void world.payments.fail('start', { when: 'after', error: lost })
      const { id } = await placeWithoutAnswer()
      world.payments.forgetKeys()
      world.payments.decide(id, 'authorized')
      await restartLater(24 * hour)

      // The customer paid, in time.
      await expectConfirmedOnce(id)
      expect(world.payments.calls).toEqual([`start ${id}:start:1`, `capture ${id}:capture`])
    })

    it('was of no payment: once its key is too old, the order is cancelled and none is begun', async () => {
      void world.payments.fail('start', { when: 'before', error: lost })
      const { id } = await placeWithoutAnswer()
      await restartLater(24 * hour)

      await expectUndone(id, 'expired')
      expect(world.payments.paymentsOf(id)).toEqual([])
    })
  })

  describe('an order that is not paid', () => {
    it('is cancelled when its time is over: the page is closed and the copies are free', async () => {
      const id = await place(newOrder(three))
      world.pass(hour)
      await makeDue(world.tables)

      await expectUndone(id, 'expired')
      expect(world.payments.paymentsOf(id)).toMatchObject([{ state: 'cancelled' }])
    })

    it('is confirmed where the customer paid in the last moment', async () => {
      const id = await place()
      world.payments.decide(id, 'authorized')
      world.pass(hour)
      await makeDue(world.tables)

      await expectConfirmedOnce(id)
    })

    it('is cancelled when its time is over though the provider is away, and undone once that is back', async () => {
      const id = await place()
      world.pass(hour)
      void world.payments.fail('find', { when: 'before', error: lost })
      void world.payments.fail('cancel', { when: 'before', error: lost })
      await makeDue(world.tables)

      await expectUndone(id, 'expired')
    })

    it('is cancelled by a payment that was declined', async () => {
      const id = await place()
      world.payments.decide(id, 'declined')
      await world.sendEvent(transactions, id)

      await expectUndone(id, 'declined')
    })
  })

  it('gives the money back where the copies are gone: a hold that ended before it was sold cancels the authorization', async () => {
    const id = await place()
    await world.inventory.releaseReservation({ orderId: id })
    world.payments.decide(id, 'authorized')
    await world.sendEvent(transactions, id)

    await expectUndone(id, 'expired')
    expect(world.payments.paymentsOf(id)).toMatchObject([{ state: 'cancelled', captures: 0 }])
  })

  it('never captures an order that was cancelled while its payment was authorized', async () => {
    const request = newOrder(falcon)
    const { order, secret } = await transactions.client.placeOrder(request)
    const id = order?.id ?? ''
    world.payments.decide(id, 'authorized')
    const reached = world.inventory.fail('commitReservation', { when: 'after', error: unavailable('reset') })
    await world.sendEvent(transactions, id)
    await reached
    await transactions.client.cancelOrder({ orderId: id, owner: { readerId: 0, secret } })

    await expectUndone(id, 'customer')
    expect(world.payments.paymentsOf(id)).toMatchObject([{ captures: 0 }])
  })

  describe('an event', () => {
    it('of an order that is not known comes again', async () => {
      await expect(world.sendEvent(transactions, '00000-00000')).rejects.toMatchObject({ code: 5 })
    })

    it('that is not signed by the provider is refused', async () => {
      const body = Buffer.from('{}')

      await expect(transactions.client.receivePaymentEvent({ body, headers: {} })).rejects.toMatchObject({ code: 16 })
    })

    it('that comes while the payment is begun is not lost', async () => {
      const request = newOrder(falcon)
      const reached = world.payments.fail('start', { when: 'after' })
      const answer = transactions.client.placeOrder(request).catch(() => undefined)
      await reached
      const { id } = await world.tables.selectFrom('orders').select('id').executeTakeFirstOrThrow()
      await world.sendEvent(transactions, id)
      world.payments.decide(id, 'authorized')
      await restart()

      await answer
      await expectConfirmedOnce(id)
    })

    it('that comes while the payment is looked up has it looked up again', async () => {
      const id = await place()
      // By now it is looked up once a minute.
      world.pass(10 * 60_000)
      const reached = world.payments.fail('find', { when: 'after' })
      await world.sendEvent(transactions, id)
      await reached
      world.payments.decide(id, 'authorized')
      await world.sendEvent(transactions, id)
      // The first look ends with what it saw before.
      world.payments.answerHanging()

      await expectConfirmedOnce(id)
    })

    it('changes nothing that is final, however often and late it comes', async () => {
      const id = await place()
      world.payments.decide(id, 'authorized')
      await Promise.all(Array.from({ length: 20 }, () => world.sendEvent(transactions, id)))
      await expectConfirmedOnce(id)
      const before = await world.tables.selectFrom('orders').selectAll().execute()

      await Promise.all(Array.from({ length: 5 }, () => world.sendEvent(transactions, id)))
      await makeDue(world.tables)

      expect(await world.tables.selectFrom('orders').selectAll().execute()).toEqual(before)
      await expectConfirmedOnce(id)
    })
  })

  it('are made by one of several processes at a time', async () => {
    opened.use(await world.start())
    opened.use(await world.start())
    const id = await place()
    world.payments.decide(id, 'authorized')
    await world.sendEvent(transactions, id)

    await expectConfirmedOnce(id)
    expect(world.inventory.calls.filter((call) => call === `commitReservation ${id}`)).toHaveLength(1)
  })

  async function untilOpen(id: string): Promise<void> {
    while (!(await findOrder(id)).redirect_url) await new Promise(setImmediate)
  }

  function findOrder(id: string) {
    return world.tables.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  }

  /** Places an order whose payment is not known to have begun, and ends the process. */
  async function placeWithoutAnswer(): Promise<{ id: string }> {
    const id = await place()
    await transactions.kill()
    return { id }
  }

  async function restartLater(ms: number): Promise<void> {
    world.pass(ms)
    await restart()
  }

  /** An order whose amount was captured without the process knowing. */
  async function captureAndLoseTheAnswer() {
    const { order, secret } = await transactions.client.placeOrder(newOrder(falcon))
    const id = order?.id ?? ''
    world.payments.decide(id, 'authorized')
    const reached = world.payments.fail('capture', { when: 'after', error: lost })
    await world.sendEvent(transactions, id)
    await reached
    while ((await findOrder(id)).attempts === 0) await new Promise(setImmediate)
    return { id, owner: { readerId: 0, secret } }
  }
})
