import type { InventoryServiceService } from '@books/proto'
import type { Handlers } from '@books/rpc'
import type { Changes } from '@books/service/watch'
import { toMessage } from './book-message.ts'
import type { BookStore } from './book-store.ts'
import { createListBooks } from './list-books.ts'
import { createSearchBooks } from './search/search-books.ts'
import type { SearchStore } from './search/search-store.ts'
import { requireIds } from './stock/fields.ts'
import { createReservationMethods } from './stock/reservation-methods.ts'
import { createStockMethods, type StockDeps } from './stock/stock-methods.ts'
import { createWatchBooks } from './watch-books.ts'

/** What the methods need. */
export interface InventoryDeps extends StockDeps {
  books: BookStore
  search: SearchStore
  changes: Changes
}

/** Answers the Inventory API. */
export function createInventory(deps: InventoryDeps): Handlers<typeof InventoryServiceService> {
  const { books, search, changes } = deps
  return {
    async getBooks({ ids }) {
      const distinct = new Set(requireIds('ids', ids))
      const found = new Map((await books.listByIds([...distinct])).map((book) => [book.id, toMessage(book)]))
      return {
        books: ids.flatMap((id) => found.get(id) ?? []),
        unknownIds: [...distinct].filter((id) => !found.has(id)),
      }
    },

    listBooks: createListBooks(books),
    searchBooks: createSearchBooks(search),
    watchBooks: createWatchBooks(books, changes),

    ...createStockMethods(deps),
    ...createReservationMethods(deps),
  }
}
