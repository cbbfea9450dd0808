import { loadCatalogue } from '@books/catalogue'
import { createLog, type Database, openDatabase } from '@books/runtime'
import { findPostgres, startPostgres } from '@books/runtime/testing'
import { openTables } from '@books/service'
import type { Kysely } from 'kysely'
import type { Book } from './book.ts'
import { type BookStore, createBookStore } from './book-store.ts'
import { writeBooks } from './book-writer.ts'
import { createSearchStore, type SearchStore } from './search-store.ts'
import { inventory } from './service.ts'
import type { Tables } from './tables.ts'

/** Says nothing. */
export const silent = createLog('test', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })

/** The books that every store has at first. */
export const catalogue: readonly Book[] = loadCatalogue()

/** A store on its first day. */
export interface OpenStore {
  tables: Kysely<Tables>
  books: BookStore
  search: SearchStore
  close: Database['close']
}

/** Opens a store on a database server, or in memory. */
export async function openStore(DATABASE_URL?: string): Promise<OpenStore> {
  const settings = { DATA_DIR: 'memory://', ...(DATABASE_URL !== undefined && { DATABASE_URL }) }
  const database = await openDatabase(settings, silent)
  const tables = await openBooks(database)
  return { tables, books: createBookStore(tables), search: createSearchStore(tables), close: database.close }
}

/** The databases that this machine has: how to open a store on each. */
export const engines: [name: string, open: () => Promise<OpenStore>][] = [['embedded', () => openStore()]]

const postgres = findPostgres()
if (postgres) engines.push(['server', () => openOnServer(postgres)])

async function openOnServer(programs: string): Promise<OpenStore> {
  const server = await startPostgres(programs)
  const store = await openStore(server.url)
  return {
    ...store,
    async close() {
      await store.close()
      await server.stop()
    },
  }
}

/** Opens the tables of the service, with the catalogue in them. */
export function openBooks(database: Database): Promise<Kysely<Tables>> {
  return openTables(inventory, database)
}

/** Adds books to a store, or changes those that it has. */
export function save(tables: Kysely<Tables>, ...books: Book[]): Promise<void> {
  return writeBooks(tables, (writer) => writer.save(books))
}

/** A book of which only its id matters, unless more is said. */
export function bookOf(id: number, facts: Partial<Book> = {}): Book {
  const plain = { year: 2001, category: 'MYSTERY', priceCents: 999, currency: 'EUR' } as const
  return { id, title: `Volume ${id}`, author: 'Ann Author', ...plain, ...facts }
}
