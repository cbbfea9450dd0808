import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AnswerProxy, startAnswerProxy } from './answer-proxy.fixture.ts'
import type { NewPayment, Payment, PaymentProvider } from './payment-provider.ts'
import type { ProviderUnderTest } from './provider-under-test.fixture.ts'

let orders = 0
const newPayment = (): NewPayment => ({
  orderId: `7K3QD-${String(++orders).padStart(5, '0')}`,
  amountCents: 2_397,
  currency: 'EUR',
  email: 'ada@example.org',
  returnUrl: 'http://localhost:5000/orders/7K3QD?secret=x&y=z',
  expiresAt: new Date(Date.now() + 40 * 60_000),
  description: 'Books, order 7K3QD',
})

/** Tests that an adapter does what the port promises. */
export function describeProvider(name: string, startProvider: () => Promise<ProviderUnderTest>): void {
  describe(`payments by ${name}`, () => {
    let under: ProviderUnderTest
    let proxy: AnswerProxy
    let provider: PaymentProvider
    beforeAll(async () => {
      under = await startProvider()
      proxy = await startAnswerProxy(under.url)
      provider = await under.createAdapter({ url: proxy.url })
    })
    afterAll(async () => {
      await proxy?.[Symbol.asyncDispose]()
      await under?.[Symbol.asyncDispose]()
    })

    async function start(payment = newPayment()) {
      return provider.start(`${payment.orderId}:start:1`, payment)
    }
    async function startPaid(payment = newPayment()) {
      const started = await start(payment)
      await under.choose(started, 'pay')
      return started
    }
    async function startCaptured() {
      const { id } = await startPaid()
      return provider.capture(`${id}:capture`, id)
    }

    it('are open on a page, authorized by the customer, captured by hand and refunded in parts', async () => {
      const payment = newPayment()
      const open = await start(payment)
      await under.choose(open, 'pay')
      const authorized = await provider.find(open.id)
      const captured = await provider.capture('capture', open.id)
      const refunded = await provider.refund('refund 1', open.id, 1_000)

      const facts = { id: open.id, amountCents: 2_397, currency: 'EUR', refundedCents: 0, redirectUrl: undefined }
      expect(open).toEqual({ ...facts, state: 'open', redirectUrl: expect.stringMatching(/^https?:/) })
      expect(authorized).toEqual({ ...facts, state: 'authorized' })
      expect(captured).toEqual({ ...facts, state: 'captured' })
      expect(refunded).toEqual({ ...facts, state: 'captured', refundedCents: 1_000 })
      expect(await provider.refund('refund 2', open.id, 1_397)).toMatchObject({ refundedCents: 2_397 })
      await expect(provider.refund('refund 3', open.id, 1)).rejects.toMatchObject({ kind: 'rejected' })
      expect(await provider.findByOrder(payment.orderId)).toEqual(await provider.find(open.id))
    })

    it('are declined for good, and answered as they are when they are cancelled', async () => {
      const open = await start()
      await under.choose(open, 'decline')

      expect(await provider.find(open.id)).toMatchObject({ state: 'declined', redirectUrl: undefined })
      expect(await provider.cancel('cancel declined', open.id)).toMatchObject({ state: 'declined' })
      await expect(provider.capture('capture declined', open.id)).rejects.toMatchObject({ kind: 'declined' })
    })

    it.each([
      ['an open one', false],
      ['an authorized one', true],
    ])('are cancelled, and can be captured no more: %s', async (what, isPaid) => {
      const { id } = isPaid ? await startPaid() : await start()

      expect(await provider.cancel(`cancel ${what}`, id)).toMatchObject({
        id,
        state: 'cancelled',
        redirectUrl: undefined,
      })
      expect(await provider.cancel(`cancel ${what}`, id)).toMatchObject({ state: 'cancelled' })
      await expect(provider.capture(`capture ${what}`, id)).rejects.toMatchObject({ kind: 'declined' })
      expect(await provider.find(id)).toMatchObject({ state: 'cancelled' })
    })

    it('are not cancelled once they are captured', async () => {
      const { id } = await startCaptured()

      expect(await provider.cancel('cancel captured', id)).toMatchObject({ state: 'captured' })
      expect(await provider.capture('capture again', id)).toMatchObject({ state: 'captured', refundedCents: 0 })
    })

    it('that do not exist are rejected, or not found', async () => {
      await expect(provider.find('pay_unknown')).rejects.toMatchObject({ kind: 'rejected' })
      await expect(provider.capture('capture unknown', 'pay_unknown')).rejects.toMatchObject({ kind: 'rejected' })
      expect(await provider.findByOrder('XXXXX-XXXXX')).toBeUndefined()
    })

    it('are begun once for each key, and another request under it is rejected', async () => {
      const payment = newPayment()
      const [first, second] = [await start(payment), await start(payment)]

      expect(second).toEqual(first)
      expect(await under.countPayments(payment.orderId)).toBe(1)
      await expect(start({ ...payment, amountCents: 1 })).rejects.toMatchObject({ kind: 'rejected' })
    })

    it('have an unknown outcome where the answer is lost, which the same key then tells', async () => {
      const payment = newPayment()
      const lose = async (call: () => Promise<Payment>) => {
        proxy.dropPosts(true)
        await expect(call()).rejects.toMatchObject({ name: 'PaymentError', kind: 'unknown' })
        proxy.dropPosts(false)
        return call()
      }
      const open = await lose(() => start(payment))
      expect(await under.countPayments(payment.orderId)).toBe(1)
      await under.choose(open, 'pay')

      expect(await lose(() => provider.capture('lost', open.id))).toMatchObject({ state: 'captured' })
      expect(await lose(() => provider.refund('lost refund', open.id, 700))).toMatchObject({ refundedCents: 700 })
      expect(await provider.find(open.id)).toMatchObject({ refundedCents: 700 })
      const other = await startPaid()
      expect(await lose(() => provider.cancel('lost cancel', other.id))).toMatchObject({ state: 'cancelled' })
    })

    it('are not waited for longer than is allowed, or than the caller wants', async () => {
      const impatient = await under.createAdapter({ url: proxy.url, timeoutMs: 1_000 })
      const [first, second] = [newPayment(), newPayment()]
      const swallowed = proxy.swallowNextAnswer()
      await expect(impatient.start('late', first)).rejects.toMatchObject({ name: 'PaymentError', kind: 'unknown' })
      await swallowed

      const caller = new AbortController()
      const answered = proxy.swallowNextAnswer()
      const given = provider.start('given up', second, caller.signal)
      void answered.then(() => caller.abort())
      await expect(given).rejects.toMatchObject({ name: 'PaymentError', kind: 'unknown' })
      expect(await provider.start('given up', second)).toMatchObject({ state: 'open' })
    })

    it('are busy while a request with the same key runs', async () => {
      const payment = await start()
      await under.payAndHoldCapture(payment)
      const other = await under.createAdapter({ url: under.url })
      const ending = new AbortController()
      const held = provider.capture('held', payment.id, ending.signal).catch((error: unknown) => error)
      await under.captureRuns(payment)

      await expect(other.capture('held', payment.id)).rejects.toMatchObject({ kind: 'busy' })
      ending.abort()
      expect(await held).toMatchObject({ kind: 'unknown' })
    })

    it('are captured though a failure was kept under the key', async () => {
      const open = await start()
      await expect(provider.capture('too early', open.id)).rejects.toMatchObject({ kind: 'rejected' })
      await under.choose(open, 'pay')

      expect(await provider.capture('too early', open.id)).toMatchObject({ state: 'captured' })
    })

    it('are busy, and not begun, where the provider is away or refuses the key of the shop', async () => {
      const payment = newPayment()
      const away = await under.createAdapter({ url: await findDeadUrl() })
      const wrong = await under.createAdapter({ url: under.url, key: 'sk_test_wrong_key_of_the_shop' })

      for (const each of [away, wrong]) {
        await expect(each.start('refused', payment)).rejects.toMatchObject({ kind: 'busy' })
        await expect(each.find('pay_1')).rejects.toMatchObject({ kind: 'busy' })
      }
      expect(await under.countPayments(payment.orderId)).toBe(0)
    })

    it('are told by signed events, which are read for five minutes', async () => {
      const payment = newPayment()
      const { id } = await startPaid(payment)
      const { body, headers } = await under.nextEvent(payment.orderId)
      const forged = Buffer.from(Buffer.from(body).toString().replace(payment.orderId, 'XXXXX-XXXXX'))
      const later = await under.createAdapter({ url: under.url, now: () => new Date(Date.now() + 6 * 60_000) })

      expect(await provider.readEvent(body, headers)).toEqual({
        id: expect.stringMatching(/^evt_/),
        orderId: payment.orderId,
        paymentId: id,
      })
      const rejected = { kind: 'rejected' }
      await expect(provider.readEvent(forged, headers)).rejects.toMatchObject(rejected)
      await expect(provider.readEvent(body, {})).rejects.toMatchObject(rejected)
      await expect(later.readEvent(body, headers)).rejects.toMatchObject(rejected)
    })
  })
}

/** A URL at which nothing listens. */
async function findDeadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}
