import { enqueue } from '@books/runtime/outbox'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { RefundAmount } from '../orders/refund-amount.ts'
import type { Tables } from '../tables.ts'
import { soon } from './step-store.ts'

/** A refund of an order. */
export type Refund = Selectable<Tables['refunds']>

/** A refund to be made. */
export interface NewRefund extends RefundAmount {
  key: string
  orderId: string
  requestHash: Buffer
  reason: string
  isRestocked: boolean
}

/** The refunds of orders. */
export interface RefundStore {
  findByKey(key: string): Promise<Refund | undefined>
  find(orderId: string, number: number): Promise<Refund | undefined>
  /** Accepts a refund, in the caller's transaction, which has locked the order: the runner makes it. */
  accept(refund: NewRefund, now: Date): Promise<void>
  /** The oldest refund of an order that is not made, and what was given back before. */
  findPending(orderId: string): Promise<{ refund: Refund; doneCents: number } | undefined>
  /** Stores another key, before the provider is asked with it. */
  setPaymentKey(refund: Refund, key: string, now: Date): Promise<void>
  /** Marks a refund as made, has it mailed, and gives the promotion back where all was refunded. */
  finish(refund: Refund): Promise<void>
  /** Takes a refund back that the provider refused. */
  refuse(refund: Refund): Promise<void>
}

/** Keeps refunds in the service's own tables. */
export function createRefundStore(tables: Kysely<Tables>): RefundStore {
  const refunds = () => tables.selectFrom('refunds').selectAll()
  /** Adds the copies and the amount of a refund to its order, or takes them back. */
  async function count(on: Kysely<Tables>, refund: Pick<NewRefund, 'orderId' | 'lines' | 'amountCents'>, sign: 1 | -1) {
    await sql`
      update transactions.order_lines set refunded_copies = refunded_copies + ${sign}::integer * given.copies
      from json_to_recordset(${JSON.stringify(refund.lines)}::json) as given("bookId" integer, copies integer)
      where order_id = ${refund.orderId} and book_id = given."bookId"`.execute(on)
    await on
      .updateTable('orders')
      .set(({ eb }) => ({
        refunded_cents: sql<number>`refunded_cents + ${sign * refund.amountCents}::bigint`,
        hint_count: eb('hint_count', '+', 1),
        next_step_time: soon,
      }))
      .where('id', '=', refund.orderId)
      .execute()
  }

  return {
    findByKey: (key) => refunds().where('key', '=', key).executeTakeFirst(),

    find: (orderId, number) =>
      refunds().where('order_id', '=', orderId).where('number', '=', number).executeTakeFirst(),

    async accept(refund, now) {
      const { count: earlier } = await tables
        .selectFrom('refunds')
        .select(({ fn }) => fn.countAll<string | number>().as('count'))
        .where('order_id', '=', refund.orderId)
        .executeTakeFirstOrThrow()
      const number = Number(earlier) + 1
      await tables
        .insertInto('refunds')
        .values({
          ...{ key: refund.key, order_id: refund.orderId, number, request_hash: refund.requestHash },
          ...{ lines: JSON.stringify(refund.lines), amount_cents: refund.amountCents, reason: refund.reason },
          ...{ is_restocked: refund.isRestocked, state: 'pending', created_at: now },
          ...{ payment_key: `${refund.orderId}:refund:${number}`, payment_key_time: now },
        })
        .execute()
      await count(tables, refund, 1)
    },

    async findPending(orderId) {
      const refund = await refunds()
        .where('order_id', '=', orderId)
        .where('state', '=', 'pending')
        .orderBy('number')
        .limit(1)
        .executeTakeFirst()
      if (!refund) return undefined
      const { done } = await tables
        .selectFrom('refunds')
        .select(({ fn }) => fn.coalesce(fn.sum<string | number>('amount_cents'), sql<number>`0`).as('done'))
        .where('order_id', '=', orderId)
        .where('state', '=', 'done')
        .executeTakeFirstOrThrow()
      return { refund, doneCents: Number(done) }
    },

    async setPaymentKey({ key }, payment_key, now) {
      await tables.updateTable('refunds').set({ payment_key, payment_key_time: now }).where('key', '=', key).execute()
    },

    async finish({ key, order_id, number }) {
      await tables.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('refunds')
          .set({ state: 'done' })
          .where('key', '=', key)
          .where('state', '=', 'pending')
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) return
        await sql`
          update transactions.orders set is_promotion_returned = true
          where id = ${order_id} and promotion is not null
            and not exists (select from transactions.order_lines where order_id = orders.id and refunded_copies < copies)
            and not exists (select from transactions.refunds where order_id = orders.id and state = 'pending')
        `.execute(transaction)
        await enqueue(transaction, { kind: 'refund', key: `${order_id}/${number}`, payload: {} })
      })
    },

    async refuse({ key, order_id, lines, amount_cents }) {
      await tables.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('refunds')
          .set({ state: 'refused' })
          .where('key', '=', key)
          .where('state', '=', 'pending')
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) return
        await count(transaction, { orderId: order_id, lines, amountCents: Number(amount_cents) }, -1)
      })
    },
  }
}
