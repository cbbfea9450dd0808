import { isUnknown } from '../checker/answers.ts'
import type { CartChange, Line } from '../history/history.ts'
import type { OwnCart } from './own-cart.ts'
import { failureOf, type Shop } from './shop.ts'

/** Adds copies to a cart by one call, which has no key. Resolves to whether it is known to have had its effect. */
export async function addToCart(shop: Shop, cart: OwnCart, { bookId, copies }: Line): Promise<boolean> {
  const change = { cartId: cart.id, bookId, copies, kind: 'add' as const }
  const outcome = await record(shop, change, () => shop.cart.addToCart({ cartId: cart.id, bookId, copies }))
  if (outcome === 'done') cart.add({ bookId, copies })
  return outcome === 'done'
}

/** Sets a line of a cart by one call. */
export async function setQuantity(shop: Shop, cart: OwnCart, { bookId, copies }: Line): Promise<void> {
  const change = { cartId: cart.id, bookId, copies, kind: 'set' as const }
  await record(shop, change, () => shop.cart.setQuantity({ cartId: cart.id, bookId, copies }))
}

async function record(
  shop: Shop,
  change: Omit<CartChange, 'outcome' | 'beganAt' | 'endedAt'>,
  call: () => Promise<unknown>,
): Promise<CartChange['outcome']> {
  const beganAt = Date.now()
  let outcome: CartChange['outcome'] = 'done'
  try {
    await call()
  } catch (error) {
    const failure = failureOf(error)
    outcome = isUnknown(failure) ? 'unknown' : 'refused'
    if (outcome === 'refused')
      shop.history.surprises.push(`a cart refused an addition: ${failure.code} ${failure.reason}`)
  }
  shop.history.cartChanges.push({ ...change, outcome, beganAt, endedAt: Date.now() })
  return outcome
}
