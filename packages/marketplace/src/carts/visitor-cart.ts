import type { Cart, LeftOut } from '@books/proto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { visitorOf } from '../sessions/visitors.ts'
import { clearCart, readCartId } from './cart-cookie.ts'
import { type Carts, cartIdOf } from './carts.ts'

declare module 'fastify' {
  interface FastifyInstance {
    carts: Carts
  }
  interface FastifyRequest {
    /** Read by `cartOf`. */
    cart: Promise<VisitorCart> | null
  }
}

/** The cart of a visitor. */
export interface VisitorCart {
  /** Undefined for a visitor who has none yet. */
  id: string | undefined
  /** Undefined for a visitor without one, and where the service did not answer. */
  cart: Cart | undefined
  /** What did not fit into it when a guest's cart was merged into it just now. */
  leftOut: readonly LeftOut[]
  isAway: boolean
}

const noCart: VisitorCart = { id: undefined, cart: undefined, leftOut: [], isAway: false }

/** Lets `cartOf` find the cart of a visitor. */
export function useCarts(app: FastifyInstance, carts: Carts): void {
  app.decorate('carts', carts)
  app.decorateRequest('cart', null)
}

/** Begins to find the cart before each page that is registered after this, so that it waits for all its answers at once. */
export function findCartsEarly(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    // A form is answered without the masthead.
    if (request.method === 'GET') void cartOf(request, reply)
    done()
  })
}

/**
 * Finds the cart of the visitor with one call, and asks nothing for a guest who has none. The cart that a reader filled before
 * signing in is merged into their own by this call. Never rejects. Where the page is about the cart, the first call for a request says
 * `isMain`, and waits for as long as for main content.
 */
export function cartOf(request: FastifyRequest, reply: FastifyReply, { isMain = false } = {}): Promise<VisitorCart> {
  request.cart ??= findCart(request, reply, isMain)
  return request.cart
}

/** The id of the visitor's cart, without a call to its service. A reader whose session cannot be confirmed is a guest here. */
export async function cartIdFor(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> {
  const visitor = await visitorOf(request, reply, { isMain: true })
  return visitor.kind === 'reader' ? cartIdOf(visitor.account.readerId) : readCartId(request)
}

async function findCart(request: FastifyRequest, reply: FastifyReply, isMain: boolean): Promise<VisitorCart> {
  const { carts } = request.server
  const visitor = await visitorOf(request, reply, { isMain })
  const guestId = readCartId(request)
  const isReader = visitor.kind === 'reader'
  const id = isReader ? cartIdOf(visitor.account.readerId) : guestId
  if (id === undefined) return noCart

  const isMerged = isReader && guestId !== undefined
  const { value, fallback } = await (isMerged
    ? carts.merge(guestId, visitor.account.readerId, { isMain })
    : carts.find(id, { isMain }))
  if (!value?.cart || fallback !== undefined) return { ...noCart, id, isAway: true }
  if (isMerged) clearCart(reply)
  return { id, ...value, isAway: false }
}
