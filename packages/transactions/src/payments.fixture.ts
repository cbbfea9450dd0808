import { createFaults, type Faults } from './faults.fixture.ts'
import { type NewPayment, type Payment, PaymentError, type PaymentProvider } from './payments/payment-provider.ts'

type Operation = 'start' | 'find' | 'findByOrder' | 'capture' | 'cancel' | 'refund'

/** A payment provider in memory, which keeps keys as Stripe documents. */
export interface TestProvider extends PaymentProvider {
  /** What the customer does on the provider's page. */
  decide(orderId: string, state: 'authorized' | 'declined' | 'cancelled'): void
  /** What the provider has for an order; all of it, as there must be one at most. */
  paymentsOf(orderId: string): (Payment & { captures: number; refunds: number[] })[]
  fail: Faults<Operation>['fail']
  answerHanging: Faults<Operation>['answerHanging']
  /** Has every capture declined. */
  declineCaptures(): void
  /** Every call with an effect, as `operation key`. */
  readonly calls: readonly string[]
  /** Forgets keys, as after a day. */
  forgetKeys(): void
}

/** Creates a provider without payments. */
export function createTestProvider(): TestProvider {
  const payments = new Map<string, Payment & { orderId: string; captures: number; refunds: number[] }>()
  const answers = new Map<string, { body: string; payment: Payment }>()
  const { call, fail, answerHanging } = createFaults<Operation>()
  const calls: string[] = []
  let declines = false

  /** Answers what was answered before under the key, and has the effect where there was none. */
  function once(operation: Operation, key: string, body: unknown, work: () => Payment): Payment {
    const text = JSON.stringify(body)
    const before = answers.get(`${operation} ${key}`)
    if (before && before.body !== text) throw new PaymentError('rejected', 'another request was made under this key')
    if (before) return before.payment
    calls.push(`${operation} ${key}`)
    const payment = work()
    answers.set(`${operation} ${key}`, { body: text, payment: structuredClone(payment) })
    return payment
  }

  function require(id: string) {
    const payment = payments.get(id)
    if (!payment) throw new PaymentError('rejected', 'there is no such payment')
    return payment
  }

  function start({ orderId, amountCents, currency }: NewPayment): Payment {
    const id = `pay_${payments.size + 1}`
    const redirectUrl = `https://pay.example/${id}`
    const payment = { id, orderId, state: 'open' as const, amountCents, refundedCents: 0, currency, redirectUrl }
    payments.set(id, { ...payment, captures: 0, refunds: [] })
    return require(id)
  }

  return {
    calls,
    start: (key, payment, signal) => call('start', signal, () => once('start', key, payment, () => start(payment))),
    find: (id, signal) => call('find', signal, () => require(id)),
    findByOrder: (orderId, signal) =>
      call('findByOrder', signal, () => [...payments.values()].find((payment) => payment.orderId === orderId)),
    capture: (key, id, signal) =>
      call('capture', signal, () =>
        once('capture', key, id, () => {
          const payment = require(id)
          if (declines || (payment.state !== 'authorized' && payment.state !== 'captured')) {
            throw new PaymentError('declined', 'the payment cannot be captured')
          }
          if (payment.state === 'authorized') payment.captures++
          payment.state = 'captured'
          return payment
        }),
      ),
    cancel: (key, id, signal) =>
      call('cancel', signal, () =>
        once('cancel', key, id, () => {
          const payment = require(id)
          if (payment.state === 'open' || payment.state === 'authorized') payment.state = 'cancelled'
          return payment
        }),
      ),
    refund: (key, id, amountCents, signal) =>
      call('refund', signal, () =>
        once('refund', key, [id, amountCents], () => {
          const payment = require(id)
          if (payment.state !== 'captured' || payment.refundedCents + amountCents > payment.amountCents) {
            throw new PaymentError('rejected', 'more than was captured')
          }
          payment.refundedCents += amountCents
          payment.refunds.push(amountCents)
          return payment
        }),
      ),
    async readEvent(body, headers) {
      if (headers['signature'] !== 'right') throw new PaymentError('rejected', 'the signature is wrong')
      return JSON.parse(Buffer.from(body).toString()) as { id: string; orderId: string; paymentId: string }
    },
    decide(orderId, state) {
      for (const payment of payments.values()) {
        if (payment.orderId === orderId && payment.state === 'open') payment.state = state
      }
    },
    paymentsOf: (orderId) => structuredClone([...payments.values()].filter((payment) => payment.orderId === orderId)),
    fail,
    answerHanging,
    declineCaptures() {
      declines = true
    },
    forgetKeys: () => answers.clear(),
  }
}
