import { CartServiceService } from '@books/proto'
import { service } from '@books/rpc'
import { fakeService, serve } from '@books/rpc/testing'
import { openDatabase } from '@books/runtime'
import { openMemoryDatabase, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { createCart } from '../src/cart.ts'
import { createCartStore } from '../src/cart-store.ts'
import type { Book, Line } from '../src/line.ts'
import { cart } from '../src/service.ts'
import { createUsablePromotions } from '../src/usable-promotions.ts'

/** How a server of the benchmark answers. */
export interface BenchServerSettings {
  /** Whether it makes the queries of GetCart, and answers what it answered first. */
  isConstant: boolean
  /** The embedded database without it. */
  databaseUrl: string | undefined
}

/** How many readers have a cart: those from 1. */
export const readerCount = 100

const books: Book[] = Array.from({ length: 4 }, (_, index) => ({
  ...{ id: index + 1, title: `Volume ${index + 1}`, author: 'Ann Author', priceCents: 999 + index, currency: 'EUR' },
  stock: { availability: 'in-stock', copiesLeft: 0 },
}))
const lines: Line[] = books.map(({ id, title, author, priceCents, currency }) => {
  return { bookId: id, copies: 1, title, author, addedPriceCents: priceCents, currency }
})

/** Serves GetCart for readers with four books in their carts: as the service does, or with a constant answer. */
export async function start({ isConstant, databaseUrl }: BenchServerSettings) {
  const database = await (databaseUrl
    ? openDatabase({ DATABASE_URL: databaseUrl, DATA_DIR: '' }, silentLog)
    : openMemoryDatabase())
  const now = () => new Date()
  const store = createCartStore(await openTables(cart, database))
  for (let readerId = 1; readerId <= readerCount; readerId++)
    await store.change(`reader:${readerId}`, now(), () => lines)

  const transactions = { getPromotions: async () => ({ promotions: ['buy_two_get_one_free_promo'] }) }
  const methods = createCart({
    ...{ store, now, promotions: createUsablePromotions({ transactions, now }) },
    books: { find: (id) => books[id - 1], isKnown: () => true },
  })
  let answer: ReturnType<typeof methods.getCart> | undefined
  const constant = fakeService(CartServiceService, {
    async getCart(request, call) {
      await store.find(request.cartId)
      answer ??= methods.getCart(request, call)
      return answer
    },
  })
  const server = await serve([isConstant ? constant : service(CartServiceService, methods)])
  return {
    port: server.port,
    async stop() {
      await server.stop()
      await database.close()
    },
  }
}
