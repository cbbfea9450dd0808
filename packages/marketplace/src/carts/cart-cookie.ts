import type { FastifyReply, FastifyRequest } from 'fastify'

// The service of carts keeps a guest's cart for as long after its last change.
const keptSeconds = 30 * 24 * 60 * 60

/** The id of a guest's cart; undefined without one, and where the signature is not ours. */
export function readCartId(request: FastifyRequest): string | undefined {
  // An error may come before cookies are parsed.
  const cookie = request.cookies?.[request.server.cookieNames.cart]
  const { valid, value } = cookie ? request.unsignCookie(cookie) : { valid: false, value: null }
  return valid && value !== null && /^[\da-f]{32}$/.test(value) ? value : undefined
}

/** Stores the id of a guest's cart in a cookie, for thirty days. */
export function saveCartId(reply: FastifyReply, id: string): void {
  reply.setCookie(reply.server.cookieNames.cart, id, { maxAge: keptSeconds })
}

/** Removes a guest's cart from the browser. */
export function clearCart(reply: FastifyReply): void {
  const { cart } = reply.server.cookieNames
  reply.clearCookie(cart, { signed: false })
  delete reply.request.cookies[cart]
}
