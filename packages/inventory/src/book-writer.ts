import { type Kysely, sql } from 'kysely'
import type { SavedBook } from './book.ts'
import { lastNameOf } from './last-name.ts'
import { searchWordsOf } from './search/search-words.ts'
import { wordsOf } from './search/words.ts'
import { addStock, setStock, showFreeCopies } from './stock/set-stock.ts'
import type { Tables } from './tables.ts'

/** Changes books in one transaction. */
export interface BookWriter {
  /** Every book, with the number of its free copies. */
  listBooks(): Promise<(SavedBook & { stock: number })[]>
  /** Adds the books, or replaces those with their ids. Each gets a new revision. `onProgress` gets the number saved. */
  save(books: readonly SavedBook[], onProgress?: (done: number) => void): Promise<void>
  /** Makes these books show the copies that are free. Those that showed others get a new revision. */
  showCopies(bookIds: readonly number[]): Promise<void>
}

const booksInStatement = 500

/**
 * Runs a transaction that changes books, after all others, in any process: a visible revision is never followed by a lower
 * one, so a watcher that has seen it has missed nothing.
 */
export function writeBooks<Result>(
  tables: Kysely<Tables>,
  work: (writer: BookWriter) => Promise<Result>,
): Promise<Result> {
  return tables.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext('inventory.books'))`.execute(transaction)
    return work(createBookWriter(transaction))
  })
}

function createBookWriter(tables: Kysely<Tables>): BookWriter {
  return {
    async listBooks() {
      const rows = await tables
        .selectFrom('books')
        .leftJoin('stock', 'book_id', 'id')
        .select(['id', 'title', 'author', 'year', 'category', 'price_cents', 'currency', 'free'])
        .orderBy('id')
        .execute()
      return rows.map(({ price_cents, free, ...book }) => ({
        ...book,
        priceCents: Number(price_cents),
        stock: free ?? 0,
      }))
    },

    async save(books, onProgress) {
      for (let start = 0; start < books.length; start += booksInStatement) {
        const some = books.slice(start, start + booksInStatement)
        await saveBooks(tables, some)
        await saveWords(tables, some)
        onProgress?.(start + some.length)
      }
      await saveStock(tables, books)
    },

    showCopies: (bookIds) => showFreeCopies(tables, bookIds),
  }
}

async function saveBooks(tables: Kysely<Tables>, books: readonly SavedBook[]): Promise<void> {
  const rows = books.map((book) => ({
    ...book,
    title_words: keyOf(book.title),
    last_name: keyOf(lastNameOf(book.author)),
  }))
  await sql`
    insert into inventory.books (id, title, author, year, category, price_cents, currency, title_key, author_key)
    select id, title, author, year, category, "priceCents", currency, inventory.fold(title_words), inventory.fold(last_name)
    from json_to_recordset(${JSON.stringify(rows)}::json) as given(
      id integer, title text, author text, year integer, category text, "priceCents" bigint, currency text,
      title_words text, last_name text
    )
    on conflict (id) do update set
      title = excluded.title, author = excluded.author, year = excluded.year, category = excluded.category,
      price_cents = excluded.price_cents, currency = excluded.currency, revision = excluded.revision,
      title_key = excluded.title_key, author_key = excluded.author_key
  `.execute(tables)
}

async function saveWords(tables: Kysely<Tables>, books: readonly SavedBook[]): Promise<void> {
  const rows = books.flatMap(({ id, title, author }) => [
    ...searchWordsOf(title).map(({ text, start, end }) => ({ id, text, start, end, in_title: true })),
    ...searchWordsOf(author).map(({ text, start, end }) => ({ id, text, start, end, in_title: false })),
  ])
  await sql`delete from inventory.book_words where book_id = any(${idsOf(books)}::integer[])`.execute(tables)
  await sql`
    with added as (
      insert into inventory.book_words (book_id, word, in_title, start, "end")
      select id, inventory.fold(text), in_title, start, "end"
      from json_to_recordset(${JSON.stringify(rows)}::json) as given(
        id integer, text text, in_title boolean, start integer, "end" integer
      )
      where inventory.fold(text) <> ''
      returning word
    )
    insert into inventory.words select distinct word from added on conflict do nothing
  `.execute(tables)
}

// Last, as orders wait for the rows that it locks.
async function saveStock(tables: Kysely<Tables>, books: readonly SavedBook[]): Promise<void> {
  const sorted = books.toSorted((one, other) => one.id - other.id)
  for (let start = 0; start < sorted.length; start += booksInStatement) {
    const some = sorted.slice(start, start + booksInStatement)
    await addStock(tables, idsOf(some))
    const free = some.flatMap(({ id, stock }) => (stock === undefined ? [] : [{ id, stock }]))
    if (free.length > 0) await setStock(tables, free)
  }
}

function idsOf(books: readonly SavedBook[]): number[] {
  return books.map(({ id }) => id)
}

function keyOf(text: string): string {
  return wordsOf(text)
    .map((word) => word.text)
    .join(' ')
}
