import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** How the free copies of a book changed. */
export interface FreeChange {
  bookId: number
  before: number
  after: number
}

const moves = {
  reserved: { free: -1, held: 1, sold: 0 },
  committed: { free: 0, held: -1, sold: 1 },
  released: { free: 1, held: -1, sold: 0 },
  expired: { free: 1, held: -1, sold: 0 },
}

/**
 * Moves the copies of reservations between free, held and sold, in one statement. `reservations` is the statement that changes their
 * state and returns their `order_id`, `book_ids` and `copies`: their rows are locked first, then those of stock in the order of ids,
 * so that no two such statements wait for each other.
 */
export async function moveCopies(
  tables: Kysely<Tables>,
  kind: keyof typeof moves,
  reservations: RawBuilder<unknown>,
): Promise<FreeChange[]> {
  const [free, held, sold] = [sql.lit(moves[kind].free), sql.lit(moves[kind].held), sql.lit(moves[kind].sold)]
  const { rows } = await sql<FreeChange>`
    with moving as (${reservations}),
    lines as (
      select order_id, line.book_id, line.copies
      from moving, unnest(book_ids, moving.copies) as line(book_id, copies)
    ),
    totals as (select book_id, sum(copies)::integer as copies from lines group by book_id),
    -- A row that another transaction changed meanwhile is read again once it is locked, so the sums begin with these values.
    locked as (
      select stock.*, totals.copies from totals join inventory.stock using (book_id)
      order by book_id for no key update of stock
    ),
    moved as (
      update inventory.stock set
        free = locked.free + ${free} * copies, held = locked.held + ${held} * copies, sold = locked.sold + ${sold} * copies
      from locked where stock.book_id = locked.book_id
      returning stock.book_id, locked.free as before, stock.free as after
    ),
    recorded as (
      insert into inventory.stock_changes (book_id, kind, key, free, held, sold)
      select book_id, ${kind}, order_id, ${free} * copies, ${held} * copies, ${sold} * copies from lines
    )
    select book_id as "bookId", before, after from moved
  `.execute(tables)
  return rows
}
