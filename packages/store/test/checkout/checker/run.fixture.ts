import { createHash } from 'node:crypto'
import { createHistory, type OrderSeen, type Placing } from '../history/history.ts'
import type { Run } from './invariant.ts'
import type { OrderRow } from './tables.ts'

/** What the orders keep of a key. */
export function keyHashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** An order of two copies that is confirmed. */
export const confirmed: OrderRow = {
  id: 'AAAAA-AAAAA',
  keyHash: keyHashOf('key of AAAAA-AAAAA'),
  state: 'confirmed',
  cancelReason: '',
  customer: 'reader:1',
  cartId: 'reader:1',
  promotion: '',
  isPromotionReturned: false,
  lines: [{ bookId: 7, copies: 2, unitPriceCents: 500, discountCents: 0, refundedCopies: 0 }],
  totalCents: 1_000,
  refundedCents: 0,
  placedAt: 1_000,
  finalAt: 5_000,
  payUntil: 60_000,
  isWorkLeft: false,
  returned: [],
}

/** The same, cancelled. */
export const cancelled: OrderRow = { ...confirmed, state: 'cancelled', cancelReason: 'declined' }

/** An order as the answer to its placing showed it. */
export function seen({ id, state, totalCents, lines }: OrderRow): OrderSeen {
  return {
    ...{ id, state, totalCents },
    lines: lines.map(({ bookId, copies, unitPriceCents, discountCents }) => ({
      ...{ bookId, copies, unitPriceCents, discountCents },
    })),
  }
}

/** A placing that was answered by an order. */
export function placingOf(order: OrderRow, changes: Partial<Placing> = {}): Placing {
  return {
    customer: order.customer,
    key: `key of ${order.id}`,
    cartId: order.cartId,
    lines: order.lines.map(({ bookId, copies }) => ({ bookId, copies })),
    expectedTotalCents: order.totalCents,
    isOtherRequest: false,
    order: seen(order),
    secret: '',
    beganAt: order.placedAt - 10,
    endedAt: order.placedAt + 10,
    ...changes,
  }
}

/** A run with these parts; the rest of it is empty. */
export function runOf({
  history = {},
  tables = {},
}: {
  history?: Partial<Run['history']>
  tables?: Partial<Run['tables']>
}): Run {
  const noTables = { stock: [], reservations: [], orders: [], payments: [], receipts: [], cartLines: [] }
  return { history: { ...createHistory(), ...history }, tables: { ...noTables, ...tables } }
}
