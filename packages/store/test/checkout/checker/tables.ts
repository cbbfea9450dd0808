import type { Line, State } from '../history/history.ts'

/** What the tables of the store and the records of the payment provider hold at rest. */
export interface Tables {
  stock: readonly StockRow[]
  reservations: readonly ReservationRow[]
  orders: readonly OrderRow[]
  payments: readonly PaymentRow[]
  receipts: readonly ReceiptRow[]
  cartLines: readonly CartLineRow[]
}

/** The copies of a book. */
export interface StockRow {
  bookId: number
  free: number
  held: number
  sold: number
}

/** The copies that an order holds, sold or gave back. */
export interface ReservationRow {
  orderId: string
  state: 'held' | 'committed' | 'released'
  lines: readonly Line[]
}

/** A line of an order. */
export interface OrderLineRow extends Line {
  unitPriceCents: number
  discountCents: number
  refundedCopies: number
}

/** An order. Times are in milliseconds since 1970. */
export interface OrderRow {
  id: string
  /** The SHA-256 of the key under which it was placed, in hexadecimal digits. */
  keyHash: string
  state: State
  cancelReason: string
  customer: string
  cartId: string
  /** Empty where none was used. */
  promotion: string
  /** Whether the promotion can be used again, although the order is confirmed. */
  isPromotionReturned: boolean
  lines: readonly OrderLineRow[]
  totalCents: number
  refundedCents: number
  placedAt: number
  finalAt: number | undefined
  payUntil: number
  /** Whether a step is still to be made. */
  isWorkLeft: boolean
  /** Copies that came back after they were sold. */
  returned: readonly Line[]
}

/** A payment, as the provider has it. */
export interface PaymentRow {
  id: string
  orderId: string
  state: 'open' | 'authorized' | 'captured' | 'declined' | 'cancelled'
  amountCents: number
  refundedCents: number
}

/** A receipt that was handed to the outbox. */
export interface ReceiptRow {
  orderId: string
  state: 'done' | 'waiting' | 'parked'
}

/** A line of a cart. */
export interface CartLineRow extends Line {
  cartId: string
}
