import { type Kysely, sql, type UpdateObject } from 'kysely'
import type { Order } from '../orders/order.ts'
import type { OrderState } from '../orders/order-state.ts'
import type { Tables } from '../tables.ts'

/** What a step changes of an order, apart from its state. */
export type OrderChange = Pick<
  UpdateObject<Tables, 'orders'>,
  'cancel_reason' | 'missing_books' | 'payment_begun_at' | 'payment_id' | 'redirect_url' | 'refunded_cents'
>

/** What a step results in. */
export interface StepResult {
  /** The next state; the same one where it is left out. */
  to?: OrderState
  set?: OrderChange
  /** After how many milliseconds the next step is to be made, or `never`; at once where it is left out. */
  wait?: number | 'never'
}

/** The orders that have steps left, as processes share them. All times are the database's, apart from those of the order itself. */
export interface StepStore {
  /** Leases orders that are due, the longest due first. Several processes never lease the same one. */
  leaseDue(limit: number, leaseMs: number): Promise<Order[]>
  /** Extends leases, and resolves to those that are still held. */
  renew(leases: readonly string[], leaseMs: number): Promise<string[]>
  /**
   * Writes the result of a step by compare-and-set on the state and the lease; undefined, and no change, where the order has another
   * one.
   */
  write(order: Order, result: StepResult, options: { now: Date; leaseMs: number }): Promise<Order | undefined>
  /** Confirms a captured order, and has its receipt mailed. Undefined, and no change, where it is in another state. */
  confirm(order: Order, now: Date): Promise<Order | undefined>
  /** The cancelled orders of a cart that are not undone yet: they may still hold copies. */
  listUndone(cartId: string): Promise<string[]>
  /** The order, where the lease is still held. */
  findLeased(order: Order): Promise<Order | undefined>
  /** Ends the lease, and makes the order due after a delay: its step failed. Changes nothing where the lease was lost. */
  tryAgain(order: Order, delayMs: number): Promise<void>
  /** Makes an order due now, as it may have changed at the provider. False where nothing is left to do for it, or it is unknown. */
  hint(id: string): Promise<boolean>
}

/** Keeps the steps of orders in the service's own tables. */
export function createStepStore(tables: Kysely<Tables>): StepStore {
  return {
    leaseDue: (limit, leaseMs) =>
      tables
        // Not a subquery of the condition, which a plan may run more than once, and lease more.
        .with('due', (db) =>
          db
            .selectFrom('orders')
            .select('id')
            .where('next_step_time', '<=', sql<Date>`now()`)
            .orderBy('next_step_time')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .updateTable('orders')
        .from('due')
        .whereRef('orders.id', '=', 'due.id')
        .set({ lease: sql<string>`gen_random_uuid()`, next_step_time: inMs(leaseMs) })
        .returningAll('orders')
        .execute(),

    async renew(leases, leaseMs) {
      const held = await tables
        .updateTable('orders')
        .set({ next_step_time: inMs(leaseMs) })
        .where('lease', '=', sql<string>`any(${leases}::uuid[])`)
        .returning('lease')
        .$narrowType<{ lease: string }>()
        .execute()
      return held.map(({ lease }) => lease)
    },

    write: (order, { to, set, wait }, { now, leaseMs }) =>
      tables
        .updateTable('orders')
        .set({
          attempts: 0,
          ...set,
          ...(to && { state: to }),
          ...(to === 'cancelled' && { final_at: now, network: null }),
          ...(wait === undefined ? { next_step_time: inMs(leaseMs) } : ended(order, wait)),
        })
        .where('id', '=', order.id)
        .where('state', '=', order.state)
        .where('lease', '=', order.lease)
        .returningAll()
        .executeTakeFirst(),

    confirm: (order, now) =>
      tables
        .with('confirmed', (db) =>
          db
            .updateTable('orders')
            .set({ state: 'confirmed', final_at: now, network: null, attempts: 0, lease: null, next_step_time: null })
            .where('id', '=', order.id)
            .where('state', '=', 'captured')
            .where('lease', '=', order.lease)
            .returningAll(),
        )
        // As `enqueue` does in a transaction, in one statement.
        .with('receipt', (db) =>
          db
            .insertInto('outbox')
            .columns(['kind', 'key', 'payload'])
            .expression(
              db
                .selectFrom('confirmed')
                .select([sql<string>`'receipt'`.as('kind'), 'id', sql<string>`'{}'::jsonb`.as('payload')]),
            )
            .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing()),
        )
        .selectFrom('confirmed')
        .selectAll()
        .executeTakeFirst(),

    async listUndone(cartId) {
      const undone = await tables
        .selectFrom('orders')
        .select('id')
        .where('cart_id', '=', cartId)
        .where('state', '=', 'cancelled')
        .where('next_step_time', 'is not', null)
        .execute()
      return undone.map(({ id }) => id)
    },

    findLeased: (order) =>
      tables
        .selectFrom('orders')
        .selectAll()
        .where('id', '=', order.id)
        .where('lease', '=', order.lease)
        .executeTakeFirst(),

    async tryAgain(order, delayMs) {
      await tables
        .updateTable('orders')
        .set(({ eb }) => ({ ...ended(order, delayMs), attempts: eb('attempts', '+', 1) }))
        .where('id', '=', order.id)
        .where('lease', '=', order.lease)
        .execute()
    },

    async hint(id) {
      const { numUpdatedRows } = await tables
        .updateTable('orders')
        .set(({ eb }) => ({
          hint_count: eb('hint_count', '+', 1),
          next_step_time: soon,
        }))
        .where('id', '=', id)
        .where('next_step_time', 'is not', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
  }
}

/** A time for the next step: now, or once the process that makes one has ended its turn, or died. */
export const soon = sql<Date>`case when lease is null then now() else next_step_time end`

/** The end of a turn. A hint that came during it counts: what the step looked at may have been older. */
function ended(order: Order, wait: number | 'never') {
  const later = wait === 'never' ? sql`null::timestamptz` : inMs(wait)
  return {
    lease: null,
    next_step_time: sql<Date>`case when hint_count > ${order.hint_count} then now() else ${later} end`,
  }
}

function inMs(ms: number) {
  return sql<Date>`now() + make_interval(secs => ${ms / 1_000})`
}
