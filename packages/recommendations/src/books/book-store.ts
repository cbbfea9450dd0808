import { findFollowedRevision, resetFollowedRevision } from '@books/service/watch'
import { type Kysely, sql } from 'kysely'
import { chunksOf } from '../chunks.ts'
import { beginEra } from '../era.ts'
import type { Tables } from '../tables.ts'
import type { Book } from './book.ts'
import { firstImportedId } from './book-ids.ts'

/** An imported book with the key that its file has for it. */
export interface KeyedBook extends Book {
  key: string
}

/** The books that may be recommended, in the database. */
export interface BookStore {
  /** Adds the books if there are none yet; several processes may do so at once. */
  fill(books: readonly Book[]): Promise<void>
  /** Adds imported books. */
  add(books: readonly KeyedBook[]): Promise<void>
  /** The id for the next imported book. */
  findNextId(): Promise<number>
  /**
   * Stores new and changed books up to a revision of inventory, all or none. Does nothing where another process has stored
   * a later revision, which includes these changes.
   */
  save(books: readonly Book[], revision: number): Promise<void>
  /** The revision of inventory that the stored books have; 0 before the first. */
  findRevision(): Promise<number>
  /** Sets the stored revision to 0 where it is higher than inventory's own. */
  resetRevision(highest: number): Promise<void>
  /** Every book, imported ones first, both in the order of ids: the order of items. */
  listBooks(): AsyncIterable<Book>
  /** The books that were stored with a later revision of inventory. */
  listChanged(afterRevision: number): Promise<Book[]>
  /** The id of every book by its key in files: that of the file it came from, or its own id. */
  listKeys(): Promise<Map<string, number>>
}

// The embedded database blocks its process for as long as a statement takes.
const rowsInStatement = 500
const rowsInPage = 1_000
const maxId = 2 ** 31 - 1

/** Stores books in the service's own tables. */
export function createBookStore(tables: Kysely<Tables>): BookStore {
  async function* listBetween(first: number, last: number, afterRevision = -1): AsyncGenerator<Book> {
    for (let before = first - 1; ; ) {
      const page = tables
        .selectFrom('books')
        .select(['id', 'title', 'author', 'year', 'category'])
        .where('id', '>', before)
        .where('id', '<=', last)
        .where('revision', '>', afterRevision)
        .orderBy('id')
        .limit(rowsInPage)
      // As one JSON value a page is read several times faster than row by row.
      const { books } = await tables
        .selectFrom(page.as('page'))
        .select(sql<Book[] | null>`json_agg(page order by id)`.as('books'))
        .executeTakeFirstOrThrow()
      if (!books) return
      yield* books
      if (books.length < rowsInPage) return
      before = books.at(-1)?.id ?? last
    }
  }

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
    async save(books, revision) {
      await tables.transaction().execute(async (transaction) => {
        // Locks the row, so that other processes wait until this one has stored everything.
        const updated = await transaction
          .updateTable('followed')
          .set({ revision })
          .where('source', '=', 'inventory')
          .where('revision', '<=', revision)
          .executeTakeFirst()
        if (updated.numUpdatedRows === 0n) return

        for (const rows of chunksOf(books, rowsInStatement)) {
          await transaction
            .insertInto('books')
            .values(rows.map((book) => ({ ...book, revision })))
            .onConflict((conflict) =>
              conflict.column('id').doUpdateSet(({ ref }) => ({
                title: ref('excluded.title'),
                author: ref('excluded.author'),
                year: ref('excluded.year'),
                category: ref('excluded.category'),
                revision: ref('excluded.revision'),
              })),
            )
            .execute()
        }
      })
    },
    findRevision: () => findFollowedRevision(tables, 'inventory'),
    async resetRevision(highest) {
      await tables.transaction().execute(async (transaction) => {
        if (await resetFollowedRevision(transaction, 'inventory', highest)) await beginEra(transaction)
      })
    },
    async *listBooks() {
      yield* listBetween(firstImportedId, maxId)
      yield* listBetween(1, firstImportedId - 1)
    },
    listChanged: (afterRevision) => Array.fromAsync(listBetween(1, maxId, afterRevision)),
    async listKeys() {
      const rows = await tables.selectFrom('books').select(['id', 'key']).execute()
      return new Map(rows.map(({ id, key }) => [key ?? String(id), id]))
    },
  }
}
