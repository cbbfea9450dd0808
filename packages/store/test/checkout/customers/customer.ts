import { createOwnCart, type OwnCart } from './own-cart.ts'
import type { PlacedOrder } from './placed-order.ts'
import { createRandom, type Random } from './random.ts'

/** A reader or a guest who checks out again and again. */
export interface Customer {
  /** Who may use the promotion once. */
  readonly name: string
  readonly random: Random
  /** 0 for a guest. */
  readonly readerId: number
  readonly email: string
  readonly network: string
  cart: OwnCart
  /** All orders that were answered, by their ids. */
  readonly orders: Map<string, PlacedOrder>
}

const firstReaderId = 1_000

/** Creates the customer of this number: every other one is a guest. */
export function createCustomer(nth: number, seed: number): Customer {
  const random = createRandom(seed, `customer ${nth}`)
  const readerId = nth % 2 === 0 ? firstReaderId + nth : 0
  return {
    ...{ random, readerId },
    name: readerId ? `reader ${readerId}` : `guest ${nth}`,
    email: `Customer.${nth}@books.example`,
    network: `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`,
    cart: createOwnCart(readerId ? `reader:${readerId}` : random.hex(32)),
    orders: new Map(),
  }
}

/** A new cart of a guest. */
export function newGuestCart({ random }: Customer): OwnCart {
  return createOwnCart(random.hex(32))
}

/** Whether the customer knows of no order that uses the promotion. */
export function expectsPromotion({ orders }: Customer): boolean {
  return ![...orders.values()].some(
    ({ hasPromotion, state, isGivenBack }) => hasPromotion && state !== 'cancelled' && !isGivenBack,
  )
}
