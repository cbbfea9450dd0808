import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodePreferences, encodePreferences, type Preferences } from './preferences.ts'

const yearInSeconds = 365 * 24 * 60 * 60

/** Reads a reader's preferences from their cookie; none where its signature is not ours. */
export function readPreferences(request: FastifyRequest): Preferences {
  const cookie = request.cookies[request.server.cookieNames.preferences]
  const { valid, value } = cookie ? request.unsignCookie(cookie) : { valid: false, value: null }
  return valid && value !== null ? decodePreferences(value) : []
}

/** Stores a reader's preferences in a cookie, for a year. */
export function savePreferences(reply: FastifyReply, preferences: Preferences): void {
  const name = reply.server.cookieNames.preferences
  if (preferences.length === 0) reply.clearCookie(name, { signed: false })
  else reply.setCookie(name, encodePreferences(preferences), { maxAge: yearInSeconds })
}
