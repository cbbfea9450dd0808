import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { type FreeChange, moveCopies } from './move-copies.ts'
import type { Line, Reservation } from './reservation.ts'

/** The reservations of orders, in the database. What changes nothing answers no changes. */
export interface ReservationStore {
  find(orderId: string): Promise<Reservation | undefined>
  /** Holds the copies of all lines, which are summed, unless the order has a reservation or a book has too few. */
  hold(orderId: string, lines: readonly Line[], expiresAt: Date): Promise<FreeChange[]>
  /** Makes held copies sold. */
  commit(orderId: string): Promise<FreeChange[]>
  /** Makes held copies free, and an order without a reservation one whose reservation is released. */
  release(orderId: string): Promise<FreeChange[]>
  /** Releases what has expired and is not about to be changed, at most so many reservations. */
  expire(now: Date, limit: number): Promise<FreeChange[]>
}

const checkViolation = '23514'

/** Keeps reservations in the service's own tables. Each change is one statement. */
export function createReservationStore(tables: Kysely<Tables>): ReservationStore {
  return {
    async find(orderId) {
      const row = await tables
        .selectFrom('reservations')
        .select(['state', 'book_ids', 'copies'])
        .where('order_id', '=', orderId)
        .executeTakeFirst()
      return row && { state: row.state, lines: linesOf(row.book_ids, row.copies) }
    },

    async hold(orderId, lines, expiresAt) {
      const ids = sql`${lines.map(({ bookId }) => bookId)}::integer[]`
      const copies = sql`${lines.map((line) => line.copies)}::integer[]`
      const held = sql`
        insert into inventory.reservations (order_id, state, book_ids, copies, expires_at)
        select ${orderId}, 'held', ${ids}, ${copies}, ${expiresAt}::timestamptz
        where not exists (
          select from unnest(${ids}, ${copies}) as line(book_id, copies) left join inventory.stock using (book_id)
          where coalesce(free, 0) < copies
        )
        on conflict (order_id) do nothing
        returning order_id, book_ids, copies`
      try {
        return await moveCopies(tables, 'reserved', held)
      } catch (error) {
        // Copies that were free when the statement began were taken by another before it had locked them.
        if ((error as { code?: unknown }).code === checkViolation) return []
        throw error
      }
    },

    commit: (orderId) =>
      moveCopies(
        tables,
        'committed',
        sql`
          update inventory.reservations set state = 'committed' where order_id = ${orderId} and state = 'held'
          returning order_id, book_ids, copies`,
      ),

    release: (orderId) =>
      moveCopies(
        tables,
        'released',
        sql`
          insert into inventory.reservations (order_id, state) values (${orderId}, 'released')
          on conflict (order_id) do update set state = 'released' where reservations.state = 'held'
          returning order_id, book_ids, copies`,
      ),

    expire: (now, limit) =>
      moveCopies(
        tables,
        'expired',
        sql`
          update inventory.reservations set state = 'released'
          where order_id = any(array(
            select order_id from inventory.reservations where state = 'held' and expires_at <= ${now}::timestamptz
            order by expires_at limit ${limit} for update skip locked
          ))
          returning order_id, book_ids, copies`,
      ),
  }
}

function linesOf(bookIds: readonly number[], copies: readonly number[]): Line[] {
  return bookIds.map((bookId, index) => ({ bookId, copies: copies[index] ?? 0 }))
}
