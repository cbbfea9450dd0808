import type { Kysely } from 'kysely'
import { unhurried } from '../cooperative-iteration.ts'
import type { Tables } from '../tables.ts'
import type { Book } from './book.ts'
import { firstImportedId } from './book-ids.ts'

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
  /** The first id for the next book that comes from a file. */
  findNextId(): Promise<number>
  /**
   * Keeps what inventory told up to a revision, all or none: books that are new, or have changed. Does nothing where
   * another process has kept a later revision, and with it all of this.
   */
  keep(books: readonly Book[], revision: number): Promise<void>
  /** The revision that the kept books go up to; 0 where inventory has told nothing yet. */
  findRevision(): Promise<number>
  /** Begins from revision 0 again, where the kept one is higher than inventory's own. */
  beginAnew(highest: number): Promise<void>
  /** Every book, in the order of ids. */
  listBooks(): Promise<Book[]>
  /** The id of every book by the key that a file may name it by: that of its file, or its own id. */
  listKeys(): Promise<Map<string, number>>
}

// The embedded database blocks its process for as long as a statement takes.
const rowsInStatement = 500

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
    async findNextId() {
      const { last } = await tables
        .selectFrom('books')
        .select(({ fn }) => fn.max('id').as('last'))
        .executeTakeFirstOrThrow()
      return Math.max(firstImportedId, (last ?? 0) + 1)
    },
    async keep(books, revision) {
      await tables.transaction().execute(async (transaction) => {
        // Holds other processes back until this one has kept everything.
        const moved = await transaction
          .updateTable('followed')
          .set({ revision })
          .where('source', '=', 'inventory')
          .where('revision', '<=', revision)
          .executeTakeFirst()
        if (moved.numUpdatedRows === 0n) return

        for await (const rows of unhurried(chunksOf(books, rowsInStatement))) {
          await transaction
            .insertInto('books')
            .values(rows)
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet(({ ref }) => ({
                title: ref('excluded.title'),
                author: ref('excluded.author'),
                year: ref('excluded.year'),
                category: ref('excluded.category'),
              })),
            )
            .execute()
        }
      })
    },
    async findRevision() {
      const { revision } = await tables
        .selectFrom('followed')
        .select('revision')
        .where('source', '=', 'inventory')
        .executeTakeFirstOrThrow()
      return Number(revision)
    },
    async beginAnew(highest) {
      await tables
        .updateTable('followed')
        .set({ revision: 0 })
        .where('source', '=', 'inventory')
        .where('revision', '>', highest)
        .execute()
    },
    listBooks: () =>
      tables.selectFrom('books').select(['id', 'title', 'author', 'year', 'category']).orderBy('id').execute(),
    async listKeys() {
      const rows = await tables.selectFrom('books').select(['id', 'key']).execute()
      return new Map(rows.map(({ id, key }) => [key ?? String(id), id]))
    },
  }
}

function* chunksOf<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
