import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { paths } from '../paths.ts'

const text = Type.String({ maxLength: 300 })
const kept = Type.Object({ email: text, name: text, street: text, postal_code: text, city: text, country: text })

/** Where an order is sent, as it is typed at the checkout. */
export type KeptAddress = Static<typeof kept>

const keptSeconds = 180 * 24 * 60 * 60
// Browsers ignore larger cookies.
const maxLength = 3_500

/** The address that the visitor wanted to be kept in this browser; undefined without one, and where the signature is not ours. */
export function readAddress(request: FastifyRequest): KeptAddress | undefined {
  const cookie = request.cookies[request.server.cookieNames.address]
  const { valid, value } = cookie ? request.unsignCookie(cookie) : { valid: false, value: null }
  if (!valid || value === null) return undefined
  try {
    return Value.Parse(kept, JSON.parse(Buffer.from(value, 'base64url').toString()))
  } catch {
    return undefined
  }
}

/** Keeps an address in the browser, which sends it to the checkout alone, for half a year. */
export function saveAddress(
  reply: FastifyReply,
  { email, name, street, postal_code, city, country }: KeptAddress,
): void {
  const json = JSON.stringify({ email, name, street, postal_code, city, country })
  const value = Buffer.from(json).toString('base64url')
  if (value.length > maxLength) return clearAddress(reply)
  reply.setCookie(reply.server.cookieNames.address, value, { path: paths.checkout, maxAge: keptSeconds })
}

/** Removes the address from the browser. */
export function clearAddress(reply: FastifyReply): void {
  reply.clearCookie(reply.server.cookieNames.address, { path: paths.checkout, signed: false })
}
