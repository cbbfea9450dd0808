import { promotions as allPromotions } from '@books/pricing'
import type { Cart, CartServiceService } from '@books/proto'
import { type Handlers, invalidArgument, notFound, raise, unavailable } from '@books/rpc'
import { cartIdOfReader, findReaderId, requireCartId, requireGuestCartId } from './cart-id.ts'
import type { CartStore } from './cart-store.ts'
import { addCopies, mergeLines, mostCopies, setCopies } from './change-lines.ts'
import type { Books } from './follow-books.ts'
import type { Book } from './line.ts'
import { priceCart, type StoredCart } from './price-cart.ts'
import type { UsablePromotions } from './usable-promotions.ts'

/** What the methods need. */
export interface CartDeps {
  store: CartStore
  books: Pick<Books, 'find' | 'isKnown'>
  promotions: Pick<UsablePromotions, 'find'>
  now: () => Date
}

/** Answers the Cart API. */
export function createCart({ store, books, promotions, now }: CartDeps): Handlers<typeof CartServiceService> {
  async function price(stored: StoredCart): Promise<Cart> {
    const readerId = findReaderId(stored.id)
    const isReaders = readerId !== undefined && stored.lines.length > 0
    const usable = isReaders ? await promotions.find(readerId) : allPromotions
    return priceCart(stored, { findBook: books.find, isPriced: books.isKnown(), promotions: usable })
  }

  function requireBook(bookId: number): Book {
    if (!books.isKnown()) throw unavailable('Books cannot be looked up just now')
    return books.find(bookId) ?? raise(notFound('The store has no such book'))
  }

  return {
    async getCart({ cartId }) {
      return { cart: await price(await store.find(requireCartId(cartId))) }
    },

    async addToCart({ cartId, bookId, copies }) {
      requireCartId(cartId)
      requireCopies(copies, 1)
      const book = requireBook(bookId)
      const changed = await store.change(cartId, now(), (lines) => addCopies(lines, book, copies, books.find))
      return { cart: await price(changed) }
    },

    async setQuantity({ cartId, bookId, copies }) {
      requireCartId(cartId)
      requireCopies(copies, 0)
      const changed = await store.change(cartId, now(), (lines) =>
        copies === 0 || lines.some((line) => line.bookId === bookId)
          ? setCopies(lines, bookId, copies)
          : addCopies(lines, requireBook(bookId), copies, books.find),
      )
      return { cart: await price(changed) }
    },

    async mergeCarts({ guestCartId, readerId }) {
      const ids = { guest: requireGuestCartId(guestCartId), reader: cartIdOfReader(readerId) }
      const { cart, leftOut } = await store.merge(ids, now(), (guest, reader) => mergeLines(guest, reader, books.find))
      return {
        cart: await price(cart),
        leftOut: leftOut.map(({ bookId, copies, title }) => ({ bookId, copies, title })),
      }
    },
  }
}

function requireCopies(copies: number, least: number): void {
  if (copies < least || copies > mostCopies) throw invalidArgument('copies', `must be from ${least} to ${mostCopies}`)
}
