import { enqueue } from '@books/runtime/outbox'
import type { Transaction } from 'kysely'
import { ApiError } from '../api/api-error.ts'
import { type Delivery, enqueueEvent } from '../events/enqueue-event.ts'
import type { Tables } from '../tables.ts'
import { type Answers, type Change, type Payment, paymentAt } from './payment.ts'
import { findPayment, insertPayment, updatePayment } from './payment-store.ts'

/** Adds a payment, and the job that closes it once it has expired. */
export async function startPayment(transaction: Transaction<Tables>, payment: Payment): Promise<Payment> {
  await insertPayment(transaction, payment)
  await enqueue(transaction, { kind: 'expire', key: payment.id, payload: null, dueAt: payment.expiresAt })
  return payment
}

/** How a payment is changed. */
export interface ChangeOptions {
  now: Date
  /** How the event of the change is sent. */
  delivery?: Delivery
  /** How the API answers about it from then on. */
  answers?: Answers | undefined
}

/** Changes a payment by a rule, and tells it by an event. A rule that throws changes nothing. */
export async function changePayment(
  transaction: Transaction<Tables>,
  id: string,
  rule: (payment: Payment) => Change,
  { now, delivery, answers }: ChangeOptions,
): Promise<{ payment: Payment; eventId: string }> {
  const found = await findPayment(transaction, id, { lock: true })
  if (!found) throw new ApiError(404, 'not_found', 'there is no such payment')
  const change = rule(paymentAt(found, now))
  const payment = await updatePayment(transaction, found, { ...change, answers })
  const type = change.state ? (`payment.${change.state}` as const) : 'payment.refunded'
  return { payment, eventId: await enqueueEvent(transaction, { type, payment, now }, delivery) }
}
