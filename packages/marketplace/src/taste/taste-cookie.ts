import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeTaste, encodeTaste, type Taste } from './taste.ts'

const name = 'taste'
const yearInSeconds = 365 * 24 * 60 * 60

/** How the shop's cookies are sent: not to scripts, not along with what other sites ask for, and over TLS where there is any. */
export function cookieOptions(isSecure: boolean): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, signed: true }
}

/** What the visitor said so far; nothing if the cookie was not written by this shop. */
export function readTaste(request: FastifyRequest): Taste {
  const cookie = request.cookies[name]
  const { valid, value } = cookie ? request.unsignCookie(cookie) : { valid: false, value: null }
  return valid && value !== null ? decodeTaste(value) : []
}

/** Leaves what the visitor said in their browser, for a year. */
export function keepTaste(reply: FastifyReply, taste: Taste): void {
  if (taste.length === 0) reply.clearCookie(name, { signed: false })
  else reply.setCookie(name, encodeTaste(taste), { maxAge: yearInSeconds })
}
