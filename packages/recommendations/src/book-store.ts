import type { Book } from '@books/catalogue'
import type { Kysely } from 'kysely'

/** The tables of recommendations. */
export interface Tables {
  books: Book
}

/** The books that may be recommended, as the database keeps them. */
export interface BookStore {
  /** Puts the books in if there are none yet; several processes may do so at once. */
  fill(books: readonly Book[]): Promise<void>
  /** Every book, in the order of ids. */
  listBooks(): Promise<Book[]>
}

/** Keeps books in the service's own tables. */
export function createBookStore(tables: Kysely<Tables>): BookStore {
  return {
    async fill(books) {
      const any = await tables.selectFrom('books').select('id').limit(1).executeTakeFirst()
      if (any) return
      await tables
        .insertInto('books')
        .values(books)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },
    listBooks: () => tables.selectFrom('books').selectAll().orderBy('id').execute(),
  }
}
