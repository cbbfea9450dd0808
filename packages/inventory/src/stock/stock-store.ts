import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Adjustment } from './adjustment.ts'

/** The copies of a book. */
export interface Stock {
  bookId: number
  /** That can be reserved. */
  free: number
  /** Reserved, not paid for. */
  held: number
  sold: number
}

/** The copies of books, in the database. */
export interface StockStore {
  /** The stock of books that exist, in no order. */
  list(bookIds: readonly number[]): Promise<Stock[]>
  /**
   * Changes the copies of a book once. Undefined where nothing was changed: the key was used, no book has the id, too few copies
   * are free or sold, or too many would be free.
   */
  adjust(key: string, adjustment: Adjustment): Promise<Stock | undefined>
  /** The adjustment of a key, with the stock after it. */
  findAdjustment(key: string): Promise<(Adjustment & { stock: Stock }) | undefined>
}

/** The most free copies of a book. */
export const mostFree = 1_000_000_000

/** Keeps stock in the service's own tables. */
export function createStockStore(tables: Kysely<Tables>): StockStore {
  return {
    async list(bookIds) {
      const rows = await tables
        .selectFrom('stock')
        .selectAll()
        .where(sql<boolean>`book_id = any(${[...bookIds]}::integer[])`)
        .execute()
      return rows.map(stockOf)
    },

    async adjust(key, { bookId, delta, reason }) {
      const soldDelta = reason === 'returned' ? -delta : 0
      const { rows } = await sql<Copies>`
        with locked as (select * from inventory.stock where book_id = ${bookId}::integer for no key update),
        made as (
          insert into inventory.adjustments (key, book_id, delta, reason, free, held, sold)
          select ${key}, book_id, ${delta}::integer, ${reason}, free + ${delta}::integer, held, sold + ${soldDelta}::integer
          from locked
          where free + ${delta}::integer between 0 and ${mostFree} and sold + ${soldDelta}::integer >= 0
          on conflict (key) do nothing
          returning *
        ),
        adjusted as (
          update inventory.stock set free = made.free, sold = made.sold from made where stock.book_id = made.book_id
        ),
        recorded as (
          insert into inventory.stock_changes (book_id, kind, key, free, held, sold)
          select book_id, reason, key, delta, 0, ${soldDelta}::integer from made
        )
        select book_id, free, held, sold from made
      `.execute(tables)
      return rows[0] && stockOf(rows[0])
    },

    async findAdjustment(key) {
      const row = await tables.selectFrom('adjustments').selectAll().where('key', '=', key).executeTakeFirst()
      return row && { bookId: row.book_id, delta: row.delta, reason: row.reason, stock: stockOf(row) }
    },
  }
}

type Copies = { book_id: number } & Omit<Stock, 'bookId'>

function stockOf({ book_id, free, held, sold }: Copies): Stock {
  return { bookId: book_id, free, held, sold }
}
