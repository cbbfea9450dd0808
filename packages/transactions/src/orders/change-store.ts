import { enqueue } from '@books/runtime/outbox'
import { type Kysely, sql } from 'kysely'
import { soon } from '../steps/step-store.ts'
import type { Tables } from '../tables.ts'
import { cancellableStates } from './order-state.ts'

/** Changes of orders that people ask for. Each is a compare-and-set: false, and no change, where the order is in another state. */
export interface ChangeStore {
  /** Cancels an order before it is captured. What it had done is undone by its steps. */
  cancel(id: string, now: Date): Promise<boolean>
  /** Marks a confirmed order as sent, once, and has that mailed. */
  ship(id: string, now: Date): Promise<boolean>
  /** Erases what is personal of the orders of deleted readers, once nothing is left to send or to give back. */
  eraseDeleted(now: Date): Promise<void>
}

// An order that was never marked as sent.
const longestShippingDays = 30

/** Changes orders in the service's own tables. */
export function createChangeStore(tables: Kysely<Tables>): ChangeStore {
  return {
    async cancel(id, now) {
      const { numUpdatedRows } = await tables
        .updateTable('orders')
        .set({
          ...{ state: 'cancelled', cancel_reason: 'customer', final_at: now, network: null },
          ...{ attempts: 0, next_step_time: soon },
        })
        .where('id', '=', id)
        .where('state', 'in', cancellableStates)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    ship: (id, now) =>
      tables.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('orders')
          .set({ shipped_at: now })
          .where('id', '=', id)
          .where('state', '=', 'confirmed')
          .where('shipped_at', 'is', null)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) return false
        await enqueue(transaction, { kind: 'shipped', key: id, payload: {} })
        return true
      }),

    async eraseDeleted(now) {
      const longAgo = new Date(now.getTime() - longestShippingDays * 24 * 60 * 60_000)
      await tables
        .updateTable('orders')
        .set({ email: null, name: null, address: null })
        .where('reader_id', 'in', (eb) => eb.selectFrom('deleted_readers').select('reader_id'))
        .where('reader_id', '>', 0)
        .where('email', 'is not', null)
        .where('next_step_time', 'is', null)
        .where(({ and, or, eb }) =>
          or([
            eb('state', '=', 'cancelled'),
            and([
              eb('state', '=', 'confirmed'),
              or([
                eb('shipped_at', 'is not', null),
                eb('final_at', '<', longAgo),
                sql<boolean>`refunded_cents = total_cents and total_cents > 0`,
              ]),
            ]),
          ]),
        )
        .execute()
    },
  }
}
