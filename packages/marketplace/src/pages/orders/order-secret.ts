import type { FastifyReply, FastifyRequest } from 'fastify'
import { paths } from '../paths.ts'

const keptSeconds = 24 * 60 * 60

/** The secret of the order that a guest placed last in this browser; undefined for another order. */
export function readOrderSecret(request: FastifyRequest, orderId: string): string | undefined {
  const cookie = request.cookies[request.server.cookieNames.order]
  const { valid, value } = cookie ? request.unsignCookie(cookie) : { valid: false, value: null }
  const [id, secret] = valid && value !== null ? value.split('.') : []
  return id === orderId ? secret : undefined
}

/** Keeps the secret of a guest's order for a day, so that the shop can lead back to it without a secret in its links. */
export function saveOrderSecret(reply: FastifyReply, orderId: string, secret: string): void {
  reply.setCookie(reply.server.cookieNames.order, `${orderId}.${secret}`, { path: paths.orders(), maxAge: keptSeconds })
}

/** Removes it from the browser. */
export function clearOrderSecret(reply: FastifyReply): void {
  reply.clearCookie(reply.server.cookieNames.order, { path: paths.orders(), signed: false })
}
