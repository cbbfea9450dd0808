import { setTimeout as delay } from 'node:timers/promises'
import { CartServiceService, InventoryServiceService, TransactionsServiceService } from '@books/proto'
import { service } from '@books/rpc'
import { defineService, dependency, migrations } from '@books/service'
import { Type } from 'typebox'
import { createBoughtStore } from './bought-store.ts'
import { createCart } from './cart.ts'
import { createCartStore } from './cart-store.ts'
import { followBooks } from './follow-books.ts'
import { followOrders } from './follow-orders.ts'
import { startSweep } from './sweep.ts'
import type { Tables } from './tables.ts'
import { createUsablePromotions } from './usable-promotions.ts'

const dayMs = 24 * 60 * 60_000
// So that a new replica answers with prices at once.
const waitForBooksMs = 2_000

/** What visitors mean to buy. Follows the books of inventory, and the orders of transactions. */
export const cart = defineService({
  name: 'cart',
  port: 50_058,
  settings: {
    /** A guest's cart that was not changed for so long is removed. */
    CART_IDLE_DAYS: Type.Integer({ minimum: 1, maximum: 400, default: 30 }),
  },
  callers: ['marketplace'],
  dependencies: {
    // Carts can be read without it.
    inventory: dependency(InventoryServiceService, { port: 50_053, isOptional: true }),
    // No view waits long for it.
    transactions: dependency(TransactionsServiceService, { port: 50_059, isOptional: true, waitForReadyMs: 100 }),
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  async start({ settings, tables, clients, log, signal, cleanup }) {
    const now = () => new Date()
    const store = createCartStore(tables)
    const books = followBooks(clients.inventory, log)
    cleanup.defer(books.stop)
    const promotions = createUsablePromotions({ transactions: clients.transactions, now })
    const { transactions } = clients
    const bought = createBoughtStore(tables)
    const orders = await followOrders({ transactions, bought, onFinal: promotions.forget, now, log })
    cleanup.defer(orders.stop)
    cleanup.defer(startSweep({ store, idleMs: settings.CART_IDLE_DAYS * dayMs, now, log }).stop)

    await Promise.race([books.known, delay(waitForBooksMs, undefined, { signal, ref: false }).catch(() => {})])
    return { services: [service(CartServiceService, createCart({ store, books, promotions, now }))] }
  },
})
