import type { FastifyInstance } from 'fastify'

/**
 * How long connections may take, as options of Fastify. Whoever is slow on purpose holds a connection for at most
 * 14 seconds: 5 until the headers are there (and up to 1 until that is noticed), and 8 more until the answer has left.
 */
export const connectionLimits = {
  http: {
    // From the beginning of a connection, or the first byte of a later request.
    headersTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    // Every header together, and the address in it.
    maxHeaderSize: 16 * 1024,
  },
  // Headers and body.
  requestTimeout: 8_000,
  // Nothing is sent or received.
  connectionTimeout: 8_000,
  // Between two requests.
  keepAliveTimeout: 5_000,
  // So many answers, and no more, can be waiting for one that does not read.
  maxRequestsPerSocket: 100,
} as const

const exchangeMs = 8_000

/** Ends the exchange with whoever has not taken the whole answer in time. */
export function limitExchanges(app: FastifyInstance): void {
  // Sockets time out while nothing moves; of a reader that takes a byte now and then, something does.
  app.addHook('onRequest', (_request, { raw }, done) => {
    const timer = setTimeout(() => raw.destroy(), exchangeMs).unref()
    raw.once('close', () => clearTimeout(timer))
    done()
  })
}
