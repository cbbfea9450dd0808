import { invalidArgument } from '@books/rpc'
import { readOrderId } from '../orders/order-id.ts'
import type { OrderCursor } from '../orders/order-store.ts'

// Milliseconds of a year far from the limits of what a database can hold.
const latest = Date.UTC(9_999, 0)

/** Encodes the last order of a page, after which the next page begins. */
export function writePageToken({ placedAt, id }: OrderCursor): string {
  return Buffer.from(`${placedAt.getTime()} ${id}`).toString('base64url')
}

/** The order that a token names. Throws INVALID_ARGUMENT where it is none of ours. */
export function readPageToken(token: string): OrderCursor {
  const [ms = '', id = ''] = Buffer.from(token.slice(0, 100), 'base64url').toString().split(' ')
  const orderId = readOrderId(id)
  if (!/^\d{1,15}$/.test(ms) || Number(ms) > latest || orderId === undefined) {
    throw invalidArgument('page_token', 'must be from an earlier answer')
  }
  return { placedAt: new Date(Number(ms)), id: orderId }
}
