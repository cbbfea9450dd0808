import type { Category } from '@books/catalogue'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { ShownBook } from './book.ts'
import type { BookSort, Cursor } from './book-sort.ts'
import type { Tables } from './tables.ts'

/** Which page of books to read. */
export interface PageQuery {
  /** Undefined for all categories. */
  category: Category | undefined
  sort: BookSort
  /** The cursor of the last book before the page. */
  after: Cursor | undefined
  skip: number
  limit: number
}

/** The books of the store, in the database. */
export interface BookStore {
  /** The books with these ids that exist, in no order. */
  listByIds(ids: readonly number[]): Promise<ShownBook[]>
  listPage(query: PageQuery): Promise<(ShownBook & { cursor: Cursor })[]>
  count(category: Category | undefined): Promise<number>
  /** The books that were added or changed after a revision, the earliest change first. */
  listChanged(afterRevision: number, limit: number): Promise<(ShownBook & { revision: number })[]>
  /** The revision of the latest change; 0 before the first. */
  newestRevision(): Promise<number>
}

const orders = {
  title: undefined,
  author: { column: 'author_key', direction: 'asc' },
  newest: { column: 'year', direction: 'desc' },
  oldest: { column: 'year', direction: 'asc' },
  cheapest: { column: 'price_cents', direction: 'asc' },
  dearest: { column: 'price_cents', direction: 'desc' },
} as const satisfies Record<BookSort, { column: keyof Tables['books']; direction: 'asc' | 'desc' } | undefined>

/** Reads books from the service's own tables. */
export function createBookStore(tables: Kysely<Tables>): BookStore {
  return {
    async listByIds(ids) {
      const rows = await tables
        .selectFrom('books')
        .selectAll()
        .where(sql<boolean>`id = any(${[...ids]}::integer[])`)
        .execute()
      return rows.map(bookOf)
    },

    async listPage({ category, sort, after, skip, limit }) {
      const order = orders[sort]
      let query = tables.selectFrom('books').selectAll()
      if (category) query = query.where('category', '=', category)
      if (order) query = query.orderBy(order.column, order.direction)
      if (after) query = query.where(isAfter(after, order))

      const rows = await query.orderBy('title_key').orderBy('id').offset(skip).limit(limit).execute()
      return rows.map((row) => ({ ...bookOf(row), cursor: cursorOf(row, order?.column) }))
    },

    async count(category) {
      let query = tables.selectFrom('books').select(({ fn }) => fn.countAll().as('count'))
      if (category) query = query.where('category', '=', category)
      return Number((await query.executeTakeFirstOrThrow()).count)
    },

    async listChanged(afterRevision, limit) {
      const rows = await tables
        .selectFrom('books')
        .selectAll()
        .where('revision', '>', afterRevision)
        .orderBy('revision')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...bookOf(row), revision: Number(row.revision) }))
    },

    async newestRevision() {
      const { newest } = await tables
        .selectFrom('books')
        .select(({ fn }) => fn.max('revision').as('newest'))
        .executeTakeFirstOrThrow()
      return Number(newest ?? 0)
    },
  }
}

type Row = Selectable<Tables['books']>
type Order = (typeof orders)[BookSort]

function bookOf({ id, title, author, year, category, price_cents, currency, copies_shown }: Row): ShownBook {
  return { id, title, author, year, category, priceCents: Number(price_cents), currency, copiesShown: copies_shown }
}

function cursorOf(row: Row, column: 'author_key' | 'year' | 'price_cents' | undefined): Cursor {
  const value = column === undefined ? null : column === 'price_cents' ? Number(row.price_cents) : row[column]
  return { value, titleKey: row.title_key, id: row.id }
}

// Compares with the cursor's values rather than skipping a number of books, so that books added meanwhile do not matter.
function isAfter({ value, titleKey, id }: Cursor, order: Order) {
  const later = sql<boolean>`(title_key, id) > (${titleKey}, ${id}::bigint)`
  if (!order) return later
  const column = sql.ref(order.column)
  const isPast = order.direction === 'asc' ? sql`>` : sql`<`
  const given = order.column === 'author_key' ? sql`${value}` : sql`${value}::bigint`
  return sql<boolean>`(${column} ${isPast} ${given} or (${column} = ${given} and ${later}))`
}
