import type { Log } from '@books/runtime'
import { LogController } from 'fastify'
import { type Middleware, whenClosed } from '../middleware.ts'
import { idOf, routeOf } from '../request-facts.ts'

/** Turns off Fastify's own lines about requests. */
export const withoutRequestLines = new LogController({ disableRequestLogging: true })

/** Logs one line for each request when it ends, without personal data: no query, address, cookie or other header. */
export function logRequests(log: Log): Middleware {
  return (next) => (request, response) => {
    const startMs = performance.now()
    next(request, response)
    whenClosed(response, (isComplete) => {
      const { method, url = '' } = request
      const req = { method, route: routeOf(request), path: url.split('?', 1)[0] }
      const ms = Math.round(performance.now() - startMs)
      const outcome = isComplete ? 'request completed' : 'request aborted'
      log.info({ reqId: idOf(request), req, status: response.statusCode, ms }, outcome)
    })
  }
}
