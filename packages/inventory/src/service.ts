import { InventoryServiceService, SearchBooksRequest } from '@books/proto'
import { service } from '@books/rpc'
import { defineService, migrations } from '@books/service'
import { followChanges } from '@books/service/watch'
import { createBookStore } from './book-store.ts'
import { createInventory } from './inventory.ts'
import { createSearchBooks } from './search/search-books.ts'
import { createSearchStore } from './search/search-store.ts'
import { seedBooks } from './seed-books.ts'
import { createAvailabilityPublisher } from './stock/availability-publisher.ts'
import { createReservationStore } from './stock/reservation-store.ts'
import { createStockStore } from './stock/stock-store.ts'
import { startSweep } from './stock/sweep.ts'
import type { Tables } from './tables.ts'

const sweepEveryMs = 10_000

/** The books themselves, search and stock. */
export const inventory = defineService({
  name: 'inventory',
  port: 50_053,
  callers: ['cart', 'marketplace', 'recommendations', 'reviews', 'transactions'],
  methodCallers: {
    ReserveStock: ['transactions'],
    CommitReservation: ['transactions'],
    ReleaseReservation: ['transactions'],
    AdjustStock: ['transactions'],
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  seed: seedBooks,
  async start({ tables, log, signal, cleanup }) {
    const books = createBookStore(tables)
    const changes = followChanges(books.newestRevision, { log, signal })

    const search = createSearchStore(tables)
    // The first search takes an embedded database many times longer than all others. A misspelt word uses every statement.
    await createSearchBooks(search)(SearchBooksRequest.fromPartial({ query: 'hobit' }))

    const availability = createAvailabilityPublisher(tables, log)
    const reservations = createReservationStore(tables)
    const now = () => new Date()
    const sweep = startSweep({ reservations, availability, tables, now, log, everyMs: sweepEveryMs })
    cleanup.defer(sweep.stop)

    const stock = createStockStore(tables)
    const methods = createInventory({ books, search, changes, stock, reservations, availability, now })
    // A watch stays open for as long as its caller likes.
    const maxDeadlineMs = { watchBooks: Number.POSITIVE_INFINITY }
    return { services: [service(InventoryServiceService, methods, { maxDeadlineMs })] }
  },
})
