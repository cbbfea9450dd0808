import { loadCatalogue } from '@books/catalogue'
import { InventoryServiceService } from '@books/proto'
import { type Client, service } from '@books/rpc'
import { serve, type TestServer } from '@books/rpc/testing'
import { type Database, openDatabase } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { followChanges } from '@books/service/watch'
import type { Kysely } from 'kysely'
import type { SavedBook, ShownBook } from './book.ts'
import { type BookStore, createBookStore } from './book-store.ts'
import { writeBooks } from './book-writer.ts'
import { createInventory } from './inventory.ts'
import { createSearchStore, type SearchStore } from './search/search-store.ts'
import { inventory } from './service.ts'
import { copiesShownOf } from './stock/availability.ts'
import { type AvailabilityPublisher, createAvailabilityPublisher } from './stock/availability-publisher.ts'
import { firstStockOf } from './stock/first-stock.ts'
import { createReservationStore } from './stock/reservation-store.ts'
import type { StockDeps } from './stock/stock-methods.ts'
import { createStockStore } from './stock/stock-store.ts'
import type { Tables } from './tables.ts'

/** The books of a new store. */
export const catalogue: readonly ShownBook[] = loadCatalogue().map((book) => ({
  ...book,
  copiesShown: copiesShownOf(firstStockOf(book.id)),
}))

/** A new store. */
export interface OpenStore extends StockDeps {
  tables: Kysely<Tables>
  books: BookStore
  search: SearchStore
  availability: AvailabilityPublisher
  close: Database['close']
}

/** Opens a store in memory, or on the database server that is given. */
export async function openStore(DATABASE_URL?: string): Promise<OpenStore> {
  return openOn(await (DATABASE_URL ? openDatabase({ DATABASE_URL }, silentLog) : openMemoryDatabase()))
}

async function openOn(database: Database): Promise<OpenStore> {
  const tables = await openBooks(database)
  return {
    ...{ tables, books: createBookStore(tables), search: createSearchStore(tables), close: database.close },
    ...{ stock: createStockStore(tables), reservations: createReservationStore(tables) },
    ...{ availability: createAvailabilityPublisher(tables, silentLog), now: () => new Date() },
  }
}

/** How to open a store on each kind of database of this machine. */
export const engines: [name: string, open: () => Promise<OpenStore>][] = [['embedded', () => openStore()]]
if (findPostgres()) engines.push(['server', async () => openOn(await openServerDatabase())])

/** Serves a store. */
function serveInventory(store: OpenStore): Promise<TestServer> {
  const changes = followChanges(store.books.newestRevision, { everyMs: 10, log: silentLog })
  return serve([service(InventoryServiceService, createInventory({ ...store, changes }))])
}

/** A store that is served. */
export interface ServedStore extends OpenStore {
  client: Client<typeof InventoryServiceService>
}

/** Opens a store, and serves it until it is closed. */
export async function openServedStore(open: () => Promise<OpenStore>): Promise<ServedStore> {
  const store = await open()
  const server = await serveInventory(store)
  return {
    ...store,
    client: server.client(InventoryServiceService, { deadlineMs: 60_000 }),
    async close() {
      await server.stop()
      await store.availability.idle()
      await store.close()
    },
  }
}

/** Removes all books, and everything about their stock. */
export async function emptyStore({ tables, availability }: OpenStore): Promise<void> {
  await availability.idle()
  for (const table of ['adjustments', 'reservations', 'stock_changes', 'books'] as const) {
    await tables.deleteFrom(table).execute()
  }
}

/** Opens the tables of the service, with the catalogue in them. */
export function openBooks(database: Database): Promise<Kysely<Tables>> {
  return openTables(inventory, database)
}

/** Adds books to a store, or changes those that it has. */
export function save(tables: Kysely<Tables>, ...books: SavedBook[]): Promise<void> {
  return writeBooks(tables, (writer) => writer.save(books))
}

/** A book with this id, and defaults for other facts. */
export function bookOf(id: number, facts: Partial<ShownBook> = {}): ShownBook {
  const plain = { year: 2001, category: 'MYSTERY', priceCents: 999, currency: 'EUR', copiesShown: 0 } as const
  return { id, title: `Volume ${id}`, author: 'Ann Author', ...plain, ...facts }
}
