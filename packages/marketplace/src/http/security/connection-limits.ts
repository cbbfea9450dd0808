import type { FastifyInstance } from 'fastify'

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
  // Limits the responses that a client that does not read can queue.
  maxRequestsPerSocket: 100,
} as const

const responseTimeoutMs = 8_000

/** Closes the connection of a client that has not read the whole response in time. */
export function limitResponseTime(app: FastifyInstance): void {
  // Sockets time out only while no data moves; a client that reads a byte now and then keeps its data moving.
  app.addHook('onRequest', (_request, { raw }, done) => {
    const timer = setTimeout(() => raw.destroy(), responseTimeoutMs).unref()
    raw.once('close', () => clearTimeout(timer))
    done()
  })
}
