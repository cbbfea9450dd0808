import { setTimeout as delay } from 'node:timers/promises'
import { priceLines, promotions } from '@books/pricing'
import type { PlaceOrderRequest, PlaceOrderResponse } from '@books/proto'
import { isUnknown } from '../checker/answers.ts'
import type { Failure, Line } from '../history/history.ts'
import type { Customer } from './customer.ts'
import { orderSeenOf } from './order-seen.ts'
import type { OwnCart } from './own-cart.ts'
import { type PlacedOrder, see } from './placed-order.ts'
import { failureOf, metadataOf, type Shop } from './shop.ts'

/** An order, or why there is none. */
export type Placed =
  | { order: PlacedOrder; failure?: undefined }
  | { order?: undefined; failure: Failure; metadata: Readonly<Record<string, string>> }

/** What a customer asks for under a key. */
export interface Form {
  key: string
  cart: OwnCart
  lines: readonly Line[]
  expectedTotalCents: number
}

/** A form for what can be ordered of a cart, at the total with or without the promotion. */
export function formOf(shop: Shop, { random }: Customer, cart: OwnCart, hasPromotion: boolean): Form {
  const lines = cart.lines()
  const priced = lines.map((line) => ({ ...line, unitPriceCents: shop.prices.get(line.bookId) ?? 0 }))
  const { totalCents } = priceLines(priced, { promotions: hasPromotion ? promotions : [] })
  return { key: `key-${random.hex(24)}`, cart, lines, expectedTotalCents: totalCents }
}

/** How a call of PlaceOrder is made. */
interface PlaceOptions {
  deadlineMs?: number
  isOtherRequest?: boolean
}

/** Places an order by one call. */
export async function placeOnce(
  shop: Shop,
  customer: Customer,
  form: Form,
  { deadlineMs = 15_000, isOtherRequest = false }: PlaceOptions = {},
): Promise<Placed> {
  const { key, cart, lines, expectedTotalCents } = form
  shop.history.keys.push(key)
  const beganAt = Date.now()
  const placing = { customer: customer.name, key, cartId: cart.id, lines, expectedTotalCents, isOtherRequest, beganAt }
  try {
    const answer = await shop.transactions.placeOrder(requestOf(shop, customer, form), { deadlineMs })
    if (!answer.order) throw new TypeError('an answer has no order')
    const order = orderSeenOf(answer.order)
    shop.history.placings.push({ ...placing, order, secret: answer.secret, endedAt: Date.now() })
    return { order: rememberOrder(shop, customer, form, answer, beganAt) }
  } catch (error) {
    const failure = failureOf(error)
    shop.history.placings.push({ ...placing, failure, endedAt: Date.now() })
    return { failure, metadata: metadataOf(error) }
  }
}

const giveUpAfterMs = 180_000

/** Repeats the call under its key until its outcome is known. */
export async function placeUntilKnown(
  shop: Shop,
  customer: Customer,
  form: Form,
  options?: PlaceOptions,
): Promise<Placed> {
  const giveUpAt = Date.now() + giveUpAfterMs
  for (let waitMs = 50; ; waitMs = Math.min(2 * waitMs, 1_000)) {
    const placed = await placeOnce(shop, customer, form, options)
    if (placed.order || !isUnknown(placed.failure) || Date.now() > giveUpAt) return placed
    await delay(waitMs)
  }
}

/** The order of an answer; the same where another answer showed it before. */
function rememberOrder(
  shop: Shop,
  { orders, readerId }: Customer,
  { cart, lines }: Form,
  { order: answer, secret }: PlaceOrderResponse,
  beganAt: number,
): PlacedOrder {
  const { id, promotion } = answer!
  const order = orders.get(id) ?? {
    ...{ id, cart, lines, redirectUrl: '', state: 'placed' as const },
    hasPromotion: promotion !== '',
    owner: readerId ? { readerId, secret: '' } : { readerId: 0, secret },
  }
  orders.set(id, order)
  see(shop, order, answer, beganAt)
  return order
}

function requestOf(shop: Shop, customer: Customer, { key, cart, lines, expectedTotalCents }: Form): PlaceOrderRequest {
  return {
    idempotencyKey: key,
    cartId: cart.id,
    readerId: customer.readerId,
    email: customer.email,
    name: customer.name,
    address: { street: 'Hauptstraße 1', postalCode: '10115', city: 'Berlin', country: 'DE' },
    lines: lines.map(({ bookId, copies }) => ({ bookId, copies })),
    expectedTotalCents,
    currency: shop.currency,
    returnUrl: 'http://localhost:5000/orders',
    network: customer.network,
  }
}
