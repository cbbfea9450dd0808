import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Answers, Change, Payment } from './payment.ts'

/** The payments as SQL sees them; each function takes the tables or a transaction. */
export async function insertPayment(tables: Kysely<Tables>, payment: Payment): Promise<void> {
  await tables
    .insertInto('payments')
    .values({
      id: payment.id,
      order_id: payment.orderId,
      state: payment.state,
      amount_cents: payment.amountCents,
      currency: payment.currency,
      email: payment.email,
      description: payment.description,
      return_url: payment.returnUrl,
      created_at: payment.createdAt,
      expires_at: payment.expiresAt,
    })
    .execute()
}

/** A payment, if there is one; with `lock` no other transaction changes it meanwhile. */
export async function findPayment(
  tables: Kysely<Tables>,
  id: string,
  { lock = false } = {},
): Promise<Payment | undefined> {
  const query = tables.selectFrom('payments').selectAll().where('id', '=', id)
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst()
  return row && toPayment(row)
}

/** The payments of an order, or those of all orders; the newest first. */
export async function listPayments(
  tables: Kysely<Tables>,
  { orderId, limit }: { orderId?: string; limit: number },
): Promise<Payment[]> {
  const query = tables.selectFrom('payments').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(limit)
  const rows = await (orderId === undefined ? query : query.where('order_id', '=', orderId)).execute()
  return rows.map(toPayment)
}

/** Changes a payment, and resolves to it as it is then. */
export async function updatePayment(
  tables: Kysely<Tables>,
  payment: Payment,
  { state = payment.state, refundedCents = payment.refundedCents, answers }: Change & { answers?: Answers | undefined },
): Promise<Payment> {
  await tables
    .updateTable('payments')
    .set({ state, refunded_cents: refundedCents, ...(answers && { answers }) })
    .where('id', '=', payment.id)
    .execute()
  return { ...payment, state, refundedCents }
}

/** How an answer about a payment is disturbed: once for each operation, from when that was chosen on its page. */
export async function takeDisturbance(
  tables: Kysely<Tables>,
  id: string,
  operation: string,
): Promise<Answers | undefined> {
  const row = await tables
    .updateTable('payments')
    .set((eb) => ({ disturbed: eb.fn<string[]>('array_append', ['disturbed', eb.val(operation)]) }))
    .where('id', '=', id)
    .where('answers', 'is not', null)
    .where((eb) => eb(eb.val(operation), '!=', eb.fn<string>('all', ['disturbed'])))
    .returning('answers')
    .executeTakeFirst()
  return row?.answers ?? undefined
}

function toPayment(row: Selectable<Tables['payments']>): Payment {
  return {
    id: row.id,
    orderId: row.order_id,
    state: row.state,
    amountCents: row.amount_cents,
    refundedCents: row.refunded_cents,
    currency: row.currency,
    email: row.email,
    description: row.description,
    returnUrl: row.return_url,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
