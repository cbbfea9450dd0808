import type { Cart, CartServiceService, LeftOut } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Answer, Backend, BackendSettings } from '../backends/backend.ts'
import { orMissing } from '../backends/backend.ts'

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

/** The settings of the backend that carts ask: no answer is used twice. */
export function cartSettings(settings: BackendSettings): BackendSettings {
  return { ...settings, FRESH_MS: 0, STALE_MS: 0, REMEMBERED_ANSWERS: 1 }
}

/** The id of a reader's cart. */
export function cartIdOf(readerId: number): string {
  return `reader:${readerId}`
}

/** Creates the carts. The settings of the backend must be those of `cartSettings`. */
export function createCarts(
  backend: Backend,
  { getCart, mergeCarts }: Pick<Client<typeof CartServiceService>, 'getCart' | 'mergeCarts'>,
): Carts {
  const options = { deadlineMs: backend.deadlineMs }
  let asked = 0
  const ask = (call: () => Promise<FoundCart>, isMain: boolean) =>
    // Each call has a key of its own: one that began before a change must not answer for the page after it.
    orMissing(
      backend,
      backend.ask(`cart ${++asked}`, () => backend.fire(call), { isSecondary: !isMain }),
    )

  return {
    find: (cartId, { isMain = false } = {}) =>
      ask(async () => ({ ...(await getCart({ cartId }, options)), leftOut: [] }), isMain),
    merge: (guestCartId, readerId, { isMain = false } = {}) =>
      ask(() => mergeCarts({ guestCartId, readerId }, options), isMain),
  }
}
