import { type Kysely, sql } from 'kysely'
import type { Copies, Tables } from '../tables.ts'

/** A final order, for those that follow them. */
export interface FinalOrder {
  id: string
  state: 'confirmed' | 'cancelled'
  cart_id: string
  reader_id: number
  final_at: Date
  revision: number
  lines: Copies[]
}

/** Final orders, in an order that skips none. */
export interface FinalOrderStore {
  /** Numbers the orders that became final, and resolves to the newest number. */
  newestRevision(): Promise<number>
  /** Those after a revision, in the order of their revisions. */
  listAfter(revision: number, limit: number): Promise<FinalOrder[]>
}

const lines = sql<Copies[]>`(
  select json_agg(json_build_object('bookId', book_id, 'copies', copies) order by position)
  from transactions.order_lines where order_id = orders.id)`.as('lines')

/**
 * Numbers final orders in the service's own tables. They get their numbers after the commit that made them final, by one transaction
 * at a time: so a visible revision is never followed by a lower one, and no order waits for a lock to become final.
 */
export function createFinalOrderStore(tables: Kysely<Tables>): FinalOrderStore {
  async function readState() {
    const { rows } = await sql<{ newest: number; hasNew: boolean }>`
      select (select coalesce(max(revision), 0) from transactions.orders where revision is not null) as newest,
        exists (select from transactions.orders where final_at is not null and revision is null) as "hasNew"`.execute(
      tables,
    )
    return rows[0] ?? { newest: 0, hasNew: false }
  }

  async function numberNew(): Promise<void> {
    await tables.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext('transactions.final_orders'))`.execute(transaction)
      await sql`
        update transactions.orders set revision = numbered.revision
        from (
          select id, (select coalesce(max(revision), 0) from transactions.orders) + row_number() over (order by final_at, id) as revision
          from transactions.orders where final_at is not null and revision is null
        ) as numbered
        where orders.id = numbered.id`.execute(transaction)
    })
  }

  return {
    async newestRevision() {
      const state = await readState()
      if (!state.hasNew) return state.newest
      await numberNew()
      return (await readState()).newest
    },

    async listAfter(revision, limit) {
      const rows = await tables
        .selectFrom('orders')
        .select(['id', 'state', 'cart_id', 'reader_id', 'final_at', 'revision', lines])
        .where('revision', '>', revision)
        .orderBy('revision')
        .limit(limit)
        .$narrowType<{ state: 'confirmed' | 'cancelled'; final_at: Date; revision: number }>()
        .execute()
      return rows
    },
  }
}
