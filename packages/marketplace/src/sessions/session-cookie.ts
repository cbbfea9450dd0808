import type { FastifyReply, FastifyRequest } from 'fastify'
import { clearCart } from '../carts/cart-cookie.ts'
import { clearAddress } from '../pages/checkout/address-cookie.ts'
import { clearOrderSecret } from '../pages/orders/order-secret.ts'
import { savePreferences } from '../preferences/preferences-cookie.ts'

// The longest that browsers keep a cookie. Accounts ends sessions earlier.
const longestSeconds = 400 * 24 * 60 * 60

/** The session of a request, whether or not it has ended; undefined without one. */
export function readSessionToken(request: FastifyRequest): string | undefined {
  // An error may come before cookies are parsed.
  const token = request.cookies?.[request.server.cookieNames.session]
  return token !== undefined && /^[\w-]{1,200}$/.test(token) ? token : undefined
}

/** Stores a session in a cookie. It is random, so it needs no signature, and survives a change of COOKIE_SECRET. */
export function saveSessionToken(reply: FastifyReply, token: string): void {
  reply.setCookie(reply.server.cookieNames.session, token, { maxAge: longestSeconds, signed: false })
}

/** Removes the session from the browser, and what its reader said, chose and typed there: the next visitor may be another one. */
export function clearSession(reply: FastifyReply): void {
  const { session, preferences } = reply.server.cookieNames
  reply.clearCookie(session, { signed: false })
  savePreferences(reply, [])
  clearCart(reply)
  clearAddress(reply)
  clearOrderSecret(reply)
  delete reply.request.cookies[session]
  delete reply.request.cookies[preferences]
}
