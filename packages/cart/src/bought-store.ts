import { findFollowedRevision, resetFollowedRevision } from '@books/service/watch'
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** An order that was confirmed. */
export interface BoughtOrder {
  id: string
  cartId: string
  lines: readonly { bookId: number; copies: number }[]
}

/** Takes what was bought out of carts. */
export interface BoughtStore {
  /** The revision up to which orders were taken out. */
  findRevision(): Promise<number>
  /** Takes the copies of each order out of its cart, once, in any process; what was added meanwhile stays. */
  take(orders: readonly BoughtOrder[], revision: number, now: Date): Promise<void>
  /** Sets the revision to 0 where it is higher than that of transactions. */
  resetRevision(highest: number): Promise<void>
}

/** Takes it out of the service's own tables. */
export function createBoughtStore(tables: Kysely<Tables>): BoughtStore {
  return {
    findRevision: () => findFollowedRevision(tables, 'transactions'),

    take: (orders, revision, now) =>
      tables.transaction().execute(async (transaction) => {
        // Locks the row: other processes that follow the same orders wait.
        await transaction
          .updateTable('followed')
          .set({ revision: sql`greatest(revision, ${revision}::bigint)` })
          .execute()
        const bought = await listNew(transaction, orders)
        if (bought.length > 0) await removeCopies(transaction, bought, now)
      }),

    async resetRevision(highest) {
      await resetFollowedRevision(tables, 'transactions', highest)
    },
  }
}

/** Those that were not taken before. */
async function listNew(tables: Kysely<Tables>, orders: readonly BoughtOrder[]): Promise<BoughtOrder[]> {
  if (orders.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    insert into cart.taken_orders select distinct unnest(${orders.map(({ id }) => id)}::text[])
    on conflict do nothing returning id`.execute(tables)
  const ids = new Set(rows.map(({ id }) => id))
  return orders.filter(({ id }) => ids.delete(id))
}

async function removeCopies(tables: Kysely<Tables>, orders: readonly BoughtOrder[], now: Date): Promise<void> {
  const ofCarts = await lockCarts(
    tables,
    orders.map(({ cartId }) => cartId),
  )
  const ofReaders = await lockCarts(
    tables,
    ofCarts.flatMap(({ merged_into }) => merged_into ?? []),
  )
  const cartIds = new Map([...ofReaders, ...ofCarts].map(({ id, merged_into }) => [id, merged_into ?? id]))
  const copies = orders.flatMap(({ cartId, lines }) => {
    const id = cartIds.get(cartId)
    return id === undefined ? [] : lines.map((line) => ({ cart_id: id, book_id: line.bookId, copies: line.copies }))
  })
  const bought = sql`(
    select cart_id collate "C" as cart_id, book_id, sum(copies)::integer as copies
    from json_to_recordset(${JSON.stringify(copies)}::json) as line(cart_id text, book_id integer, copies integer)
    group by 1, 2) as bought
    where lines.cart_id = bought.cart_id and lines.book_id = bought.book_id`

  await sql`delete from cart.lines using ${bought} and lines.copies <= bought.copies`.execute(tables)
  await sql`update cart.lines set copies = lines.copies - bought.copies from ${bought}`.execute(tables)
  await sql`
    update cart.carts set changed_at = ${now} where id = any(${copies.map(({ cart_id }) => cart_id)}::text[])`.execute(
    tables,
  )
}

function lockCarts(tables: Kysely<Tables>, ids: readonly string[]) {
  return tables
    .selectFrom('carts')
    .select(['id', 'merged_into'])
    .where(sql<boolean>`id = any(${[...ids]}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
}
