import { type Kysely, type Selectable, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** A book of inventory, as far as reviews needs it. */
export type Book = Selectable<Tables['books']>

/** The books of inventory. */
export interface BookStore {
  find(id: number): Promise<Book | undefined>
  /** Whether all were known once. */
  areKnown(): Promise<boolean>
  /** Adds or changes books. */
  save(books: readonly Book[]): Promise<void>
  list(): Promise<Book[]>
}

/** Keeps them in the service's own tables, so that what inventory told last is known while it is away. */
export function createBookStore(tables: Kysely<Tables>): BookStore {
  return {
    find: (id) => tables.selectFrom('books').selectAll().where('id', '=', id).executeTakeFirst(),

    async areKnown() {
      const row = await tables
        .selectFrom('followed')
        .select('is_complete')
        .where('source', '=', 'inventory')
        .executeTakeFirst()
      return row?.is_complete ?? false
    },

    async save(books) {
      if (books.length === 0) return
      await sql`
        insert into reviews.books (id, title, category)
        select * from json_to_recordset(${JSON.stringify(books)}::json) as given(id integer, title text, category integer)
        on conflict (id) do update set title = excluded.title, category = excluded.category`.execute(tables)
    },

    list: () => tables.selectFrom('books').selectAll().execute(),
  }
}
