import { CancelReason, type OrderLine as LineMessage, type Order as OrderMessage } from '@books/proto'
import type { Selectable } from 'kysely'
import type { Tables } from '../tables.ts'
import { reasonMessages, stateMessages } from './order-state.ts'

/** An order without its lines. */
export type Order = Selectable<Tables['orders']>

/** A line of an order, frozen when it was placed. */
export interface OrderLine {
  bookId: number
  title: string
  author: string
  copies: number
  unitPriceCents: number
  discountCents: number
  refundedCopies: number
}

/** An order with its lines. */
export interface WholeOrder {
  order: Order
  lines: readonly OrderLine[]
}

/** An order as its owner sees it. */
export function toOrderMessage({ order, lines }: WholeOrder): OrderMessage {
  return {
    id: order.id,
    state: stateMessages[order.state],
    cancelReason: order.cancel_reason ? reasonMessages[order.cancel_reason] : CancelReason.CANCEL_REASON_UNSPECIFIED,
    lines: lines.map((line): LineMessage => ({ ...line })),
    subtotalCents: Number(order.subtotal_cents),
    discountCents: Number(order.discount_cents),
    promotion: order.promotion ?? '',
    totalCents: Number(order.total_cents),
    refundedCents: Number(order.refunded_cents),
    currency: order.currency,
    readerId: order.reader_id,
    email: order.email ?? '',
    name: order.name ?? '',
    address: order.address ?? undefined,
    redirectUrl: (order.state === 'reserved' && order.redirect_url) || '',
    placedAt: order.placed_at,
    finalAt: order.final_at ?? undefined,
    shippedAt: order.shipped_at ?? undefined,
    payUntil: order.pay_until,
    cartId: order.cart_id,
  }
}
