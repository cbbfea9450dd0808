import type { RequestListener, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Handles requests, or passes them on to `next`. */
export type Middleware = (next: RequestListener) => RequestListener

/** Adds what handles requests before Fastify does, in this order. */
export function useMiddleware(app: FastifyInstance, middleware: readonly Middleware[]): void {
  const { server } = app
  const [fastify] = server.listeners('request') as [RequestListener]
  server.removeAllListeners('request')
  server.on(
    'request',
    middleware.reduceRight((next, wrap) => wrap(next), fastify),
  )
}

/**
 * Calls back when the response has been sent as a whole, or its client has disconnected before that: at once if it has been sent already, as one
 * from memory is, because events take longer.
 */
export function whenClosed(response: ServerResponse, done: (isComplete: boolean) => void): void {
  if (isSent(response)) done(true)
  else response.once('close', () => done(response.writableFinished))
}

/** Whether the operating system has all of the response. `writableFinished` is true only in a later turn. */
export function isSent({ writableEnded, writableLength }: ServerResponse): boolean {
  return writableEnded && writableLength === 0
}
