import { Availability, type Book as BookMessage, type InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import type { Book, FindBook, Stock } from './line.ts'

/** The books of inventory, in memory. */
export interface Books {
  find: FindBook
  /** Whether they are known. While inventory is away later, they stay as they were. */
  isKnown(): boolean
  /** Resolves once they are. */
  known: Promise<void>
  stop(): Promise<void>
}

/** Keeps the books of inventory in memory, from the first one to each change. */
export function followBooks(inventory: Pick<Client<typeof InventoryServiceService>, 'watchBooks'>, log: Log): Books {
  const books = new Map<number, Book>()
  const { promise: known, resolve } = Promise.withResolvers<void>()
  let isKnown = false

  const following = followRevisions({
    ...{ name: 'inventory', revision: 0, log },
    watch: inventory.watchBooks,
    async take(messages) {
      for (const message of messages) for (const book of message.books) books.set(book.id, bookOf(book))
      isKnown ||= messages.some(({ isCurrent }) => isCurrent)
      if (isKnown) resolve()
    },
  })
  return { find: (id) => books.get(id), isKnown: () => isKnown, known, stop: following.stop }
}

const availabilities: Partial<Record<Availability, Stock['availability']>> = {
  [Availability.AVAILABILITY_IN_STOCK]: 'in-stock',
  [Availability.AVAILABILITY_FEW_LEFT]: 'few-left',
  [Availability.AVAILABILITY_OUT_OF_STOCK]: 'out-of-stock',
}

function bookOf({ id, title, author, priceCents, currency, availability, copiesLeft }: BookMessage): Book {
  const stock = { availability: availabilities[availability] ?? 'unknown', copiesLeft }
  return { id, title, author, priceCents, currency, stock }
}
