import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

const id = Symbol('id')
const route = Symbol('route')

interface KnownRequest extends IncomingMessage {
  [id]?: string
  [route]?: string | undefined
}

/** The random id of a request. */
export function idOf(request: KnownRequest): string {
  request[id] ??= randomUUID()
  return request[id]
}

/** The pattern of the URLs of the request's route. Undefined before Fastify has found it, and where there is none. */
export function routeOf(request: KnownRequest): string | undefined {
  return request[route]
}

/** Says which route answers a request. */
export function setRoute(request: KnownRequest, url: string | undefined): void {
  request[route] = url
}

/** Lets `routeOf` know the route of each request, from the first hook on. */
export function trackRoutes(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw, routeOptions }, _reply, done) => {
    setRoute(raw, routeOptions.url)
    done()
  })
}
