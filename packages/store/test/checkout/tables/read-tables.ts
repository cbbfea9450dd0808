import type { Tables } from '../checker/tables.ts'
import type { StoreDatabase } from '../processes/store-database.ts'
import { readCarts } from './read-carts.ts'
import { readOrders } from './read-orders.ts'
import { readPayments } from './read-payments.ts'
import { readStock } from './read-stock.ts'

/** Reads what a run left in the tables of the store and of the provider. */
export async function readTables(database: StoreDatabase): Promise<Tables> {
  const { stock, reservations, returned } = await readStock(database)
  const { orders, receipts } = await readOrders(database, returned)
  const payments = await readPayments(database)
  const cartLines = await readCarts(database)
  return { stock, reservations, orders, payments, receipts, cartLines }
}
