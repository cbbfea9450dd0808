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
// Behind the first request that is not answered.
const maxPipelined = 99

/** Closes the connection of a client that sends too many requests before it has the answer to the first. */
export function limitPipelining(): Middleware {
  const pipelined = new WeakMap<Socket, number>()

  return (next) => (request, response) => {
    // A response has its socket once all earlier ones on the connection are sent.
    if (response.socket) return next(request, response)
    const { socket } = request
    const count = pipelined.get(socket) ?? 0
    if (count >= maxPipelined) return void socket.destroy()
    pipelined.set(socket, count + 1)
    response.once('close', () => pipelined.set(socket, (pipelined.get(socket) ?? 1) - 1))
    next(request, response)
  }
}

/** Closes the connection of a client that has not read a whole response in time. */
export function limitResponses(): Middleware {
  return (next) => (request, response) => {
    next(request, response)
    if (isSent(response)) return
    // Sockets time out only while no data moves; a client that reads a byte now and then keeps its data moving.
    const timer = setTimeout(() => response.destroy(), responseTimeoutMs).unref()
    response.once('close', () => clearTimeout(timer))
  }
}
