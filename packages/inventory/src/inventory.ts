import type { InventoryServiceService } from '@books/proto'
import { type Handlers, invalidArgument, raise, unimplemented } from '@books/rpc'
import type { Changes } from '@books/service/watch'
import { toMessage } from './book-message.ts'
import type { BookStore } from './book-store.ts'
import { createListBooks } from './list-books.ts'
import { createSearchBooks } from './search/search-books.ts'
import type { SearchStore } from './search/search-store.ts'
import { createWatchBooks } from './watch-books.ts'

const mostIds = 500

/** What the methods need. */
export interface InventoryDeps {
  books: BookStore
  search: SearchStore
  changes: Changes
}

/** Answers the Inventory API. */
export function createInventory({ books, search, changes }: InventoryDeps): Handlers<typeof InventoryServiceService> {
  return {
    async getBooks({ ids }) {
      if (ids.length > mostIds) throw invalidArgument('ids', `must have at most ${mostIds} ids`)

      const distinct = new Set(ids)
      const found = new Map((await books.listByIds([...distinct])).map((book) => [book.id, toMessage(book)]))
      return {
        books: ids.flatMap((id) => found.get(id) ?? []),
        unknownIds: [...distinct].filter((id) => !found.has(id)),
      }
    },

    listBooks: createListBooks(books),
    searchBooks: createSearchBooks(search),
    watchBooks: createWatchBooks(books, changes),

    getStock: () => raise(unimplemented('There is no stock yet')),
    reserveStock: () => raise(unimplemented('There is no stock yet')),
    commitReservation: () => raise(unimplemented('There is no stock yet')),
    releaseReservation: () => raise(unimplemented('There is no stock yet')),
    adjustStock: () => raise(unimplemented('There is no stock yet')),
  }
}
