import { enqueue } from '@books/runtime/outbox'
import type { Transaction } from 'kysely'
import { newId } from '../payments/new-id.ts'
import type { Payment, PaymentState } from '../payments/payment.ts'
import type { Tables } from '../tables.ts'

/** What happened to a payment. */
export interface NewEvent {
  type: `payment.${PaymentState | 'refunded'}`
  payment: Payment
  now: Date
}

/** How an event is sent: at once, twice, or only at a later time. */
export interface Delivery {
  isTwice?: boolean
  dueAt?: Date
}

/** Adds an event to the caller's transaction: it is sent once that commits. Resolves to its id. */
export async function enqueueEvent(
  transaction: Transaction<Tables>,
  { type, payment, now }: NewEvent,
  { isTwice = false, dueAt }: Delivery = {},
): Promise<string> {
  const id = newId('evt')
  const payload = {
    id,
    type,
    created_at: now.toISOString(),
    payment: { id: payment.id, order_id: payment.orderId, state: payment.state },
  }
  // The keys tell apart how often it is sent; the id within is the same.
  for (const key of isTwice ? [id, `${id}/again`] : [id])
    await enqueue(transaction, { kind: 'event', key, payload, ...(dueAt && { dueAt }) })
  return id
}
