import { CancelReason, type Order, OrderState } from '@books/proto'
import { promotionName } from '../cart/lines.ts'
import { countryName } from '../checkout/countries.ts'
import { formatDay, formatPrice, formatTime } from '../format.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import { isCancellable, statusOf } from './order-status.ts'

/** The page of an order, as its template takes it. */
export interface OrderPage extends Page {
  id: string
  heading: string
  text: string
  isFinal: boolean
  /** Whether it is a receipt. */
  isPaid: boolean
  lines: OrderLineEntry[]
  adjustments: { name: string; title: string; amount: string }[]
  subtotal: string
  total: string
  refunded: string | undefined
  placedAt: string | undefined
  paidAt: string | undefined
  sentAt: string | undefined
  /** Who gets it and where; empty once it is erased. */
  recipient: string[]
  payHref: string | undefined
  payLabel: string
  cancelForm: { action: string; secret: string; csrfToken: string } | undefined
  furtherLinks: { href: string; label: string }[]
}

interface OrderLineEntry {
  title: string
  author: string
  href: string
  copies: number
  price: string
  sum: string
  /** What was given back. */
  note: string | undefined
}

interface OrderContent {
  order: Order
  /** Of the link of a guest; empty for a reader. */
  secret: string
  csrfToken: string
}

/** Makes the page of an order. */
export function orderPage({ order, secret, csrfToken }: OrderContent): OrderPage {
  const { id, currency, subtotalCents, totalCents, refundedCents, redirectUrl, state } = order
  const priceOf = (cents: number) => formatPrice(cents, currency)
  const { heading, text, isFinal } = statusOf(order)
  const total = priceOf(totalCents)
  return {
    title: `${heading}: order ${id} · Books`,
    ...{ id, heading, text, isFinal, total },
    isPaid: state === OrderState.ORDER_STATE_CONFIRMED,
    lines: order.lines.map((line) => ({
      ...{ title: line.title, author: line.author, copies: line.copies, href: paths.book(line.bookId) },
      price: priceOf(line.unitPriceCents),
      sum: priceOf(line.copies * line.unitPriceCents),
      note: line.refundedCopies > 0 ? `${line.refundedCopies} given back` : undefined,
    })),
    adjustments: order.lines
      .filter(({ discountCents }) => discountCents > 0)
      .map(({ title, discountCents }) => ({ name: promotionName, title, amount: `−${priceOf(discountCents)}` })),
    subtotal: priceOf(subtotalCents),
    refunded: refundedCents > 0 ? priceOf(refundedCents) : undefined,
    placedAt: order.placedAt && formatTime(order.placedAt),
    paidAt: state === OrderState.ORDER_STATE_CONFIRMED && order.finalAt ? formatTime(order.finalAt) : undefined,
    sentAt: order.shippedAt && formatDay(order.shippedAt),
    recipient: recipientOf(order),
    payHref: !isFinal && redirectUrl !== '' ? redirectUrl : undefined,
    payLabel: `Go on to pay ${total}`,
    cancelForm: isCancellable(order) ? { action: paths.cancelOrder(id), secret, csrfToken } : undefined,
    furtherLinks: linksOf(order),
  }
}

function recipientOf({ name, email, address }: Order): string[] {
  const { street = '', postalCode = '', city = '', country = '' } = address ?? {}
  const lines = [name, ...street.split('\n'), `${postalCode} ${city}`, countryName(country), email]
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}

function linksOf({ state, cancelReason, readerId }: Order): OrderPage['furtherLinks'] {
  const all = readerId > 0 ? [{ href: paths.orders(), label: 'Your orders' }] : []
  const isCancelled = state === OrderState.ORDER_STATE_CANCELLED
  return isCancelled && cancelReason !== CancelReason.CANCEL_REASON_REPLACED
    ? [{ href: paths.cart, label: 'Back to your cart' }, ...all]
    : all
}
