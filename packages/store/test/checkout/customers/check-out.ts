import { setTimeout as delay } from 'node:timers/promises'
import type { Line } from '../history/history.ts'
import type { CheckoutPlan } from './checkout-plan.ts'
import { type Customer, newGuestCart } from './customer.ts'
import { addToCart, setQuantity } from './fill-cart.ts'
import { giveBack } from './give-back.ts'
import { isFinal } from './order-seen.ts'
import type { OwnCart } from './own-cart.ts'
import { type PayDeps, payOrder } from './pay-order.ts'
import { placeCart } from './place-cart.ts'
import { untilFinal, untilPayable } from './placed-order.ts'
import type { Shop } from './shop.ts'

const patienceMs = 45_000
// Longer than any order takes under faults.
const untilCartIsFreeMs = 180_000

/** Puts books into a cart, orders and pays them as planned, and waits for the end unless the plan is to leave. */
export async function checkOut(deps: PayDeps, customer: Customer, plan: CheckoutPlan): Promise<void> {
  const { shop, shelves } = deps
  if (!(await isCartFree(shop, customer))) return
  for (const line of plan.lines) await addUntilDone(shop, customer.cart, line)
  if (plan.paying === 'confirms') await changeMind(shop, customer, customer.random.of(shelves.unordered))

  const bookId = customer.random.of(shelves.plenty)
  const adding = plan.meanwhile === 'adds' ? addToCart(shop, customer.cart, { bookId, copies: 1 }) : undefined
  const [orders] = await Promise.all([placeCart(shop, customer, plan), adding])
  await Promise.all(orders.map((order) => untilPayable(shop, order)))
  await Promise.all(orders.map((order) => payOrder(deps, customer, order, plan)))
  if (plan.paying === 'leaves') return

  await Promise.all(orders.map((order) => untilFinal(shop, order, patienceMs)))
  const bought = orders.find(({ state }) => state === 'confirmed')
  if (!bought) return
  await giveBack(shop, customer, bought, plan)
  if (!customer.readerId && customer.random.next() < 0.5) customer.cart = newGuestCart(customer)
}

const mostTries = 12

/** Adds copies, and tries again as people do where that failed; so more may be in the cart than was meant. */
async function addUntilDone(shop: Shop, cart: OwnCart, line: Line): Promise<void> {
  for (let tries = 1; !(await addToCart(shop, cart, line)) && tries < mostTries; tries++) await delay(200 * tries)
}

/** Waits until no order of the cart may still be paid; a guest takes a new cart instead. */
async function isCartFree(shop: Shop, customer: Customer): Promise<boolean> {
  const going = [...customer.orders.values()].filter(
    ({ cart, state, isLeft }) => cart === customer.cart && !isFinal(state) && !isLeft,
  )
  if (going.length > 0 && !customer.readerId) {
    customer.cart = newGuestCart(customer)
    return true
  }
  const ended = await Promise.all(going.map((order) => untilFinal(shop, order, untilCartIsFreeMs)))
  return ended.every(Boolean)
}

/** Adds two copies of a book, and keeps one of them for later. */
async function changeMind(shop: Shop, { cart }: Customer, bookId: number): Promise<void> {
  cart.setAside(bookId)
  await addToCart(shop, cart, { bookId, copies: 2 })
  await setQuantity(shop, cart, { bookId, copies: 1 })
}
