import type { Tables } from '../checker/tables.ts'
import type { Stage } from '../stage.ts'
import { readCarts } from './read-carts.ts'
import { readOrders } from './read-orders.ts'
import { readPayments } from './read-payments.ts'
import { readStock } from './read-stock.ts'

/** Reads what the tables of the store and of the provider hold at one moment. */
export function readTables({ database, processes }: Pick<Stage, 'database' | 'processes'>): Promise<Tables> {
  return database.snapshot(async (snapshot) => {
    const { stock, reservations, returned } = await readStock(snapshot)
    const { orders, receipts } = await readOrders(snapshot, returned)
    const payments = await readPayments(snapshot)
    const cartLines = await readCarts(snapshot)
    return { stock, reservations, orders, payments, receipts, cartLines }
  }, processes.whilePaused)
}
