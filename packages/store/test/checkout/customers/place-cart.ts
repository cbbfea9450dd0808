import { cancelOrder } from './cancel-order.ts'
import type { CheckoutPlan } from './checkout-plan.ts'
import { type Customer, expectsPromotion, newGuestCart } from './customer.ts'
import { addToCart } from './fill-cart.ts'
import { isFinal } from './order-seen.ts'
import type { OwnCart } from './own-cart.ts'
import { type Form, formOf, type Placed, placeOnce, placeUntilKnown } from './place-order.ts'
import { type PlacedOrder, untilFinal } from './placed-order.ts'
import type { Shop } from './shop.ts'

const mostTries = 4
const untilFinalMs = 90_000

/** Places the cart as planned. Resolves to all orders that were answered, also those that another one replaced. */
export async function placeCart(shop: Shop, customer: Customer, plan: CheckoutPlan): Promise<PlacedOrder[]> {
  const { cart } = customer
  if (plan.placing === 'two tabs')
    return unique(await Promise.all([1, 2].map(() => placeWhileRefused(shop, customer, cart))))
  if (plan.placing === 'two carts' && !customer.readerId) {
    const second = newGuestCart(customer)
    await addToCart(shop, second, plan.lines[0]!)
    return unique(await Promise.all([cart, second].map((each) => placeWhileRefused(shop, customer, each))))
  }
  return unique([await placeWhileRefused(shop, customer, cart, manners[plan.placing])])
}

type Manner = (shop: Shop, customer: Customer, form: Form) => Promise<Placed>

const manners: Partial<Record<CheckoutPlan['placing'], Manner>> = {
  async 'double click'(shop, customer, form) {
    const [first] = await Promise.all([placeUntilKnown(shop, customer, form), placeUntilKnown(shop, customer, form)])
    return first
  },
  async impatient(shop, customer, form) {
    for (let calls = customer.random.between(1, 3); calls > 0; calls--)
      await placeOnce(shop, customer, form, { deadlineMs: customer.random.between(5, 250) })
    return placeUntilKnown(shop, customer, form)
  },
  async 'other request'(shop, customer, form) {
    const placed = await placeUntilKnown(shop, customer, form)
    const lines = form.lines.map((line, nth) => (nth === 0 ? { ...line, copies: line.copies + 1 } : line))
    if (placed.order) await placeUntilKnown(shop, customer, { ...form, lines }, { isOtherRequest: true })
    return placed
  },
}

/** Places an order; where it is refused, does what a customer would, and places another one under a new key. */
async function placeWhileRefused(
  shop: Shop,
  customer: Customer,
  cart: OwnCart,
  place: Manner = placeUntilKnown,
): Promise<PlacedOrder | undefined> {
  let hasPromotion = expectsPromotion(customer)
  for (let tries = 0; tries < mostTries; tries++) {
    const form = formOf(shop, customer, cart, hasPromotion)
    if (form.lines.length === 0) return undefined
    const { order, failure, metadata } = { metadata: {}, ...(await place(shop, customer, form)) }
    if (order) return order
    if (failure?.reason === 'PROMOTION_USED' || failure?.reason === 'TOTAL_CHANGED') hasPromotion = !hasPromotion
    else if (!(await isMended(shop, customer, cart, failure?.reason ?? '', metadata))) {
      shop.history.surprises.push(`PlaceOrder was answered by ${failure?.code} ${failure?.reason}`)
      return undefined
    }
  }
  return undefined
}

/** Does what makes a refused order possible; resolves to whether there was something to do. */
async function isMended(
  shop: Shop,
  customer: Customer,
  cart: OwnCart,
  reason: string,
  metadata: Readonly<Record<string, string>>,
): Promise<boolean> {
  if (reason === 'OUT_OF_STOCK') {
    for (const bookId of (metadata['book_ids'] ?? '').split(',')) cart.setAside(Number(bookId))
    return metadata['book_ids'] !== undefined
  }
  if (reason === 'ORDER_IN_PROGRESS') {
    const order = customer.orders.get(metadata['order_id'] ?? '')
    return order !== undefined && (await untilFinal(shop, order, untilFinalMs))
  }
  if (reason === 'TOO_MANY_UNPAID') {
    const left = [...customer.orders.values()].filter(({ isLeft, state }) => isLeft && !isFinal(state))
    await Promise.all(left.map((order) => cancelOrder(shop, order)))
    return true
  }
  return false
}

function unique(orders: readonly (PlacedOrder | undefined)[]): PlacedOrder[] {
  return [...new Set(orders.filter((order) => order !== undefined))]
}
