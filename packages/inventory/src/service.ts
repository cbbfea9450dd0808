import { InventoryServiceService, SearchBooksRequest } from '@books/proto'
import { service } from '@books/rpc'
import { defineService, migrations } from '@books/service'
import { createBookStore } from './book-store.ts'
import { followChanges } from './changes.ts'
import { createInventory } from './inventory.ts'
import { createSearchBooks } from './search/search-books.ts'
import { createSearchStore } from './search/search-store.ts'
import { seedBooks } from './seed-books.ts'
import type { Tables } from './tables.ts'

const pollEveryMs = 500

/** The books themselves, and search. */
export const inventory = defineService({
  name: 'inventory',
  port: 50_053,
  callers: ['marketplace', 'recommendations'],
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  seed: seedBooks,
  async start({ tables, log, signal, cleanup }) {
    const books = createBookStore(tables)
    const changes = followChanges(books.newestRevision, pollEveryMs, log)
    cleanup.defer(changes.stop)
    // Otherwise a watcher keeps its call open for the whole grace period.
    signal.addEventListener('abort', changes.stop)

    const search = createSearchStore(tables)
    // The first search takes an embedded database many times longer than all others. A misspelt word uses every statement.
    await createSearchBooks(search)(SearchBooksRequest.fromPartial({ query: 'hobit' }))

    const methods = createInventory({ books, search, changes })
    // A watch stays open for as long as its caller likes.
    const maxDeadlineMs = { watchBooks: Number.POSITIVE_INFINITY }
    return { services: [service(InventoryServiceService, methods, { maxDeadlineMs })] }
  },
})
