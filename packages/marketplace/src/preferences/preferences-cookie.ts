import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeTaste, encodeTaste, type Taste } from './preferences.ts'

const yearInSeconds = 365 * 24 * 60 * 60

/** What the visitor said so far; nothing if the cookie was not written by this shop. */
export function readTaste(request: FastifyRequest): Taste {
  const cookie = request.cookies[request.server.cookieNames.taste]
  const { valid, value } = cookie ? request.unsignCookie(cookie) : { valid: false, value: null }
  return valid && value !== null ? decodeTaste(value) : []
}

/** Leaves what the visitor said in their browser, for a year. */
export function keepTaste(reply: FastifyReply, taste: Taste): void {
  const name = reply.server.cookieNames.taste
  if (taste.length === 0) reply.clearCookie(name, { signed: false })
  else reply.setCookie(name, encodeTaste(taste), { maxAge: yearInSeconds })
}
