import { Order, type TransactionsServiceService } from '@books/proto'
import type { CallOptions, Client } from '@books/rpc'

const ordersInCall = 100

/** All orders of a reader as JSON, with the names of the contract; without the pages on which they are paid, and their carts. */
export async function exportOrders(
  { listOrders }: Pick<Client<typeof TransactionsServiceService>, 'listOrders'>,
  readerId: number,
  options: CallOptions,
): Promise<string> {
  const orders: unknown[] = []
  let pageToken = ''
  do {
    const answer = await listOrders({ readerId, pageSize: ordersInCall, pageToken }, options)
    orders.push(...answer.orders.map((order) => Order.toJSON({ ...order, redirectUrl: '', cartId: '' })))
    pageToken = answer.nextPageToken
  } while (pageToken !== '')
  return JSON.stringify({ orders }, undefined, 2)
}
