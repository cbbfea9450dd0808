import type { Kysely } from 'kysely'
import type { Book } from './book.ts'
import type { Tables } from './tables.ts'

/** A book that came from a file, which names it by a key. */
export interface KeyedBook extends Book {
  key: string
}

/** The books that may be recommended, as the database keeps them. */
export interface BookStore {
  /** Puts the books in if there are none yet; several processes may do so at once. */
  fill(books: readonly Book[]): Promise<void>
  /** Adds books that came from a file. */
  add(books: readonly KeyedBook[]): Promise<void>
  /** Every book, in the order of ids. */
  listBooks(): Promise<Book[]>
  /** The id of every book by the key that a file may name it by: that of its file, or its own id. */
  listKeys(): Promise<Map<string, number>>
}

/** Keeps books in the service's own tables. */
export function createBookStore(tables: Kysely<Tables>): BookStore {
  return {
    async fill(books) {
      const any = await tables.selectFrom('books').select('id').limit(1).executeTakeFirst()
      if (any) return
      await tables
        .insertInto('books')
        .values(books.map(({ id, title, author, year, category }) => ({ id, title, author, year, category })))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },
    async add(books) {
      if (books.length > 0) await tables.insertInto('books').values(books).execute()
    },
    listBooks: () =>
      tables.selectFrom('books').select(['id', 'title', 'author', 'year', 'category']).orderBy('id').execute(),
    async listKeys() {
      const rows = await tables.selectFrom('books').select(['id', 'key']).execute()
      return new Map(rows.map(({ id, key }) => [key ?? String(id), id]))
    },
  }
}
