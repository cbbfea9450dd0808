import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { mostLeft } from './availability.ts'

/** The number of copies of a book that are to be free. */
export interface FreeCopies {
  id: number
  stock: number
}

/** Gives books a row of stock where they have none. */
export async function addStock(tables: Kysely<Tables>, bookIds: readonly number[]): Promise<void> {
  await sql`
    insert into inventory.stock (book_id)
    select id from unnest(${[...bookIds]}::integer[]) as given(id)
    where not exists (select from inventory.stock where book_id = id)
    on conflict (book_id) do nothing
  `.execute(tables)
}

/** Sets the free copies of books that get a new revision in the same transaction. Locks them in the order of ids, as reservations do. */
export async function setStock(tables: Kysely<Tables>, free: readonly FreeCopies[]): Promise<void> {
  await sql`
    with locked as (
      select book_id, given.stock, given.stock - free as delta
      from json_to_recordset(${JSON.stringify(free)}::json) as given(id integer, stock integer)
      join inventory.stock on book_id = given.id
      order by book_id for no key update of stock
    ),
    changed as (
      update inventory.stock set free = locked.stock from locked where stock.book_id = locked.book_id
    ),
    shown as (
      update inventory.books set copies_shown = least(locked.stock, ${mostLeft + 1}::integer) from locked where id = book_id
    )
    insert into inventory.stock_changes (book_id, kind, key, free, held, sold)
    select book_id, 'imported', 'import', delta, 0, 0 from locked where delta <> 0
  `.execute(tables)
}

/** Makes books show the copies that are free. Each that showed others gets a new revision. */
export async function showFreeCopies(tables: Kysely<Tables>, bookIds: readonly number[]): Promise<void> {
  await sql`
    update inventory.books
    set copies_shown = least(free, ${mostLeft + 1}::integer), revision = nextval('inventory.revisions')
    from inventory.stock
    where book_id = id and id = any(${[...bookIds]}::integer[]) and copies_shown <> least(free, ${mostLeft + 1}::integer)
  `.execute(tables)
}
