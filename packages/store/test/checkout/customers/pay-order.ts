import { cancelOrder } from './cancel-order.ts'
import type { CheckoutPlan, Shelves } from './checkout-plan.ts'
import type { Customer } from './customer.ts'
import { addToCart } from './fill-cart.ts'
import { chooseOnPage, type PageChoice } from './hosted-page.ts'
import { isFinal } from './order-seen.ts'
import type { PlacedOrder } from './placed-order.ts'
import { type Shop, untilKnown } from './shop.ts'

/** What a customer pays with. */
export interface PayDeps {
  shop: Shop
  shelves: Shelves
}

/** Pays an order as planned, or cancels or leaves it. */
export async function payOrder(
  deps: PayDeps,
  customer: Customer,
  order: PlacedOrder,
  plan: CheckoutPlan,
): Promise<void> {
  const { shop, shelves } = deps
  const { paying, meanwhile } = plan
  if (paying === 'leaves') {
    order.isLeft = true
    return
  }
  if (paying === 'cancels') return cancelOrder(shop, order)
  // It cannot be paid yet, or not any more. (Another tab, whose order was replaced, still has its page.)
  if (!order.redirectUrl) {
    order.isLeft = true
    return
  }

  if (meanwhile === 'loses the hold' && !isFinal(order.state)) await loseHold(shop, order)
  const payments: Promise<unknown>[] = [pay(deps, order, paying)]
  if (meanwhile === 'pays again') payments.push(pay(deps, order, paying))
  if (meanwhile === 'adds')
    payments.push(addToCart(shop, order.cart, { bookId: customer.random.of(shelves.plenty), copies: 1 }))
  if (meanwhile === 'cancels') payments.push(cancelOrder(shop, order))
  await Promise.all(payments)
}

async function pay({ shop }: PayDeps, { id, redirectUrl }: PlacedOrder, choice: PageChoice): Promise<void> {
  const beganAt = Date.now()
  await chooseOnPage(redirectUrl, choice)
  shop.history.actions.push({ orderId: id, name: choice, beganAt, endedAt: Date.now() })
}

/** Releases the copies of an order without its knowing, as an operator or an expiry might. */
async function loseHold(shop: Shop, { id }: PlacedOrder): Promise<void> {
  const beganAt = Date.now()
  // A hold that is committed stays.
  await untilKnown(() => shop.inventory.releaseReservation({ orderId: id })).catch(() => {})
  shop.history.actions.push({ orderId: id, name: 'loses the hold', beganAt, endedAt: Date.now() })
}
