import { loadCatalogue } from '@books/catalogue'
import { type Database, openDatabase } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import type { Kysely } from 'kysely'
import type { Book } from './book.ts'
import { type BookStore, createBookStore } from './book-store.ts'
import { writeBooks } from './book-writer.ts'
import { createSearchStore, type SearchStore } from './search/search-store.ts'
import { inventory } from './service.ts'
import type { Tables } from './tables.ts'

/** The books of a new store. */
export const catalogue: readonly Book[] = loadCatalogue()

/** A new store. */
export interface OpenStore {
  tables: Kysely<Tables>
  books: BookStore
  search: SearchStore
  close: Database['close']
}

/** Opens a store in memory, or on the database server that is given. */
export async function openStore(DATABASE_URL?: string): Promise<OpenStore> {
  return openOn(await (DATABASE_URL ? openDatabase({ DATABASE_URL }, silentLog) : openMemoryDatabase()))
}

async function openOn(database: Database): Promise<OpenStore> {
  const tables = await openBooks(database)
  return { tables, books: createBookStore(tables), search: createSearchStore(tables), close: database.close }
}

/** How to open a store on each kind of database of this machine. */
export const engines: [name: string, open: () => Promise<OpenStore>][] = [['embedded', () => openStore()]]
if (findPostgres()) engines.push(['server', async () => openOn(await openServerDatabase())])

/** Opens the tables of the service, with the catalogue in them. */
export function openBooks(database: Database): Promise<Kysely<Tables>> {
  return openTables(inventory, database)
}

/** Adds books to a store, or changes those that it has. */
export function save(tables: Kysely<Tables>, ...books: Book[]): Promise<void> {
  return writeBooks(tables, (writer) => writer.save(books))
}

/** A book with this id, and defaults for other facts. */
export function bookOf(id: number, facts: Partial<Book> = {}): Book {
  const plain = { year: 2001, category: 'MYSTERY', priceCents: 999, currency: 'EUR' } as const
  return { id, title: `Volume ${id}`, author: 'Ann Author', ...plain, ...facts }
}
