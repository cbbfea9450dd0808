import { InventoryServiceService, SearchBooksRequest } from '@books/proto'
import { service } from '@books/rpc'
import { defineService, migrations } from '@books/service'
import { followChanges } from '@books/service/watch'
import { createBookStore } from './book-store.ts'
import { createInventory } from './inventory.ts'
import { createSearchBooks } from './search/search-books.ts'
import { createSearchStore } from './search/search-store.ts'
import { seedBooks } from './seed-books.ts'
import type { Tables } from './tables.ts'

/** The books themselves, and search. */
export const inventory = defineService({
  name: 'inventory',
  port: 50_053,
  callers: ['marketplace', 'recommendations', 'transactions'],
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  seed: seedBooks,
  async start({ tables, log, signal }) {
    const books = createBookStore(tables)
    const changes = followChanges(books.newestRevision, { log, signal })

    const search = createSearchStore(tables)
    // The first search takes an embedded database many times longer than all others. A misspelt word uses every statement.
    await createSearchBooks(search)(SearchBooksRequest.fromPartial({ query: 'hobit' }))

    const methods = createInventory({ books, search, changes })
    // A watch stays open for as long as its caller likes.
    const maxDeadlineMs = { watchBooks: Number.POSITIVE_INFINITY }
    return { services: [service(InventoryServiceService, methods, { maxDeadlineMs })] }
  },
})
