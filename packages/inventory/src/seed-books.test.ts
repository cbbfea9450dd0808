import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadCatalogue } from '@books/catalogue'
import { openMemoryDatabase } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { createBookStore } from './book-store.ts'
import { seedBooks } from './seed-books.ts'
import { findProblems } from './stock/check-stock.ts'
import { createStockStore } from './stock/stock-store.ts'
import { openStore } from './store.fixture.ts'
import type { Tables } from './tables.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the first stock', () => {
  it('of a new store is 20 to 60 copies of most books, one or two of a few, and none of some', async () => {
    const store = await openStore()
    opened.defer(store.close)

    const stock = await store.stock.list(loadCatalogue().map(({ id }) => id))

    const free = stock.map((book) => book.free)
    const many = free.filter((copies) => copies >= 20 && copies <= 60).length
    const few = free.filter((copies) => copies === 1 || copies === 2).length
    const none = free.filter((copies) => copies === 0).length
    expect(many).toBeGreaterThan(260)
    expect(few).toBeGreaterThan(8)
    expect(none).toBeGreaterThan(8)
    expect(many + few + none).toBe(312)
    expect(await findProblems(store.tables)).toEqual([])
  })

  it('is given once to the books of the catalogue that a store from before there was stock has', async () => {
    const tables = await openStoreWithoutStock()
    const stock = createStockStore(tables)

    await migrateTo(tables, '0003-stock')
    await seedBooks(tables)
    await tables.updateTable('stock').set({ free: 0 }).execute()
    await seedBooks(tables)

    const books = await createBookStore(tables).listByIds([1, 2, 900])
    const { rows } = await sql`select book_id, free from inventory.stock_changes order by book_id`.execute(tables)
    expect(rows).toEqual([{ book_id: 1, free: 37 }])
    expect(Object.fromEntries(books.map(({ id, copiesShown }) => [id, copiesShown]))).toEqual({ 1: 6, 2: 0, 900: 0 })
    expect(await stock.list([1, 2, 900])).toHaveLength(3)
  })
})

/** A store of the version before, with a book of the catalogue, another book with an id of the catalogue, and a third one. */
async function openStoreWithoutStock(): Promise<Kysely<Tables>> {
  const database = await openMemoryDatabase()
  opened.defer(database.close)
  const tables = await database.open<Tables>('inventory', new URL('../migrations/', import.meta.url))
  await migrateTo(tables, '0002-search')
  await sql`
    insert into inventory.books (id, title, author, year, category, price_cents, currency, title_key, author_key) values
      (1, 'The Maltese Falcon', 'Dashiell Hammett', 1930, 'MYSTERY', 1250, 'EUR', 'the maltese falcon', 'hammett'),
      (2, 'Another Book', 'Ann Author', 2001, 'MYSTERY', 999, 'EUR', 'another book', 'author'),
      (900, 'Volume 900', 'Ann Author', 2001, 'MYSTERY', 999, 'EUR', 'volume 900', 'author')
  `.execute(tables)
  return tables
}

async function migrateTo(tables: Kysely<Tables>, step: string): Promise<void> {
  const migrationFolder = fileURLToPath(new URL('../migrations/', import.meta.url))
  const provider = new FileMigrationProvider({ fs, path, migrationFolder })
  const { error } = await new Migrator({ db: tables, provider, migrationTableSchema: 'inventory' }).migrateTo(step)
  if (error) throw error
}
