import type { Cart, CartServiceService, LeftOut } from '@books/proto'
import type { Client } from '@books/rpc'
import { type Answer, type Backend, orMissing } from '../backends/backend.ts'

/** A cart as it is now, and what did not fit into it where another one was merged into it. */
export interface FoundCart {
  cart: Cart | undefined
  leftOut: readonly LeftOut[]
}

/** Carts of guests and readers. They are never answered from the cache, and never reject because the service is unavailable. */
export interface Carts {
  find(cartId: string, options?: { isMain?: boolean }): Promise<Answer<FoundCart>>
  /** Moves the lines of a guest's cart into that of a reader. */
  merge(guestCartId: string, readerId: number, options?: { isMain?: boolean }): Promise<Answer<FoundCart>>
}

/** The id of a reader's cart. */
export function cartIdOf(readerId: number): string {
  return `reader:${readerId}`
}

/** Creates the carts. */
export function createCarts(
  backend: Backend,
  { getCart, mergeCarts }: Pick<Client<typeof CartServiceService>, 'getCart' | 'mergeCarts'>,
): Carts {
  const options = { deadlineMs: backend.deadlineMs }
  const ask = (call: () => Promise<FoundCart>, isMain: boolean) =>
    orMissing(
      backend,
      backend.ask('cart', () => backend.fire(call), { isSecondary: !isMain, isUncached: true }),
    )

  return {
    find: (cartId, { isMain = false } = {}) =>
      ask(async () => ({ ...(await getCart({ cartId }, options)), leftOut: [] }), isMain),
    merge: (guestCartId, readerId, { isMain = false } = {}) =>
      ask(() => mergeCarts({ guestCartId, readerId }, options), isMain),
  }
}
