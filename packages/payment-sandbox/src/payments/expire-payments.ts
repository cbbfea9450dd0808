import type { Handler } from '@books/runtime/outbox'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import { changePayment } from './change-payment.ts'
import { findPayment } from './payment-store.ts'

/** Closes a payment that was not paid in time: the job that its start enqueued. */
export function createExpiry(tables: Kysely<Tables>, now: () => Date): Handler {
  return ({ key: id }) =>
    tables.transaction().execute(async (transaction) => {
      const payment = await findPayment(transaction, id, { lock: true })
      if (payment?.state === 'open')
        await changePayment(transaction, id, () => ({ state: 'cancelled' }), { now: now() })
    })
}
