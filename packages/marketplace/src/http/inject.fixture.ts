import type { FastifyInstance } from 'fastify'
import { inject } from 'light-my-request'

/** Lets `app.inject` send its requests through the middleware, too, which Fastify's own leaves out. */
export function injectThroughMiddleware(app: FastifyInstance): void {
  const send = async (options: Parameters<typeof inject>[1]) => {
    await app.ready()
    return inject((request, response) => app.server.emit('request', request, response), options)
  }
  app.inject = send as typeof app.inject
}
