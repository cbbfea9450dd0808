import type { Socket } from 'node:net'
import { isSent, type Middleware } from '../middleware.ts'

/**
 * Time limits of connections, as options of Fastify. A slow client holds a connection for at most 14 seconds: 5 until its headers
 * are complete (and up to 1 until that is checked), and 8 more until the response is sent.
 */
export const connectionLimits = {
  http: {
    // From the start of the connection, or the first byte of a later request.
    headersTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    // All headers and the request line.
    maxHeaderSize: 16 * 1024,
    // Node's own answer to a request without it is no page.
    requireHostHeader: false,
  },
  // Headers and body.
  requestTimeout: 8_000,
  // Without any data in either direction.
  connectionTimeout: 8_000,
  // Between two requests.
  keepAliveTimeout: 5_000,
  // Replicas that were added get their share of a proxy's connections. A loop accepts few new ones in a turn, so they must not be too many.
  maxRequestsPerSocket: 1_000,
} as const

const responseTimeoutMs = 8_000
const maxUnanswered = 100

/** Closes the connection of a client that has not read a whole response in time, or sends too many requests before it reads. */
export function limitResponses(): Middleware {
  const unanswered = new WeakMap<Socket, number>()

  return (next) => (request, response) => {
    const { socket } = request
    const count = unanswered.get(socket) ?? 0
    if (count >= maxUnanswered) {
      socket.destroy()
      return
    }
    next(request, response)
    if (isSent(response)) return
    unanswered.set(socket, count + 1)
    // Sockets time out only while no data moves; a client that reads a byte now and then keeps its data moving.
    const timer = setTimeout(() => response.destroy(), responseTimeoutMs).unref()
    response.once('close', () => {
      clearTimeout(timer)
      unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1)
    })
  }
}
