import { createHash, timingSafeEqual } from 'node:crypto'
import type { Owner } from '@books/proto'
import type { Order, WholeOrder } from '../orders/order.ts'
import type { OrderStore } from '../orders/order-store.ts'
import { noSuchOrder, requireOrderId, requireOwner } from './fields.ts'

/** The order of an owner. NOT_FOUND where it does not exist, and where it is another's. */
export async function requireOwnedOrder(
  orders: Pick<OrderStore, 'find'>,
  { orderId, owner }: { orderId: string; owner: Owner | undefined },
): Promise<WholeOrder> {
  const given = requireOwner(owner)
  const found = await orders.find(requireOrderId(orderId))
  if (!found || !isOwner(found.order, given)) throw noSuchOrder()
  return found
}

function isOwner({ secret, reader_id }: Order, given: Owner): boolean {
  if (reader_id > 0) return given.readerId === reader_id
  return secret !== null && timingSafeEqual(digestOf(secret), digestOf(given.secret))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
