import type { Log } from '@books/runtime'
import { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'

/** A log that serializes requests (`req`) without personal data: no query, address, cookie or other header. */
export function createRequestLog(log: Log): FastifyBaseLogger {
  return log.child({}, { serializers: { req: factsOf } })
}

/** Turns off Fastify's own lines about requests. */
export const withoutRequestLines = new LogController({ disableRequestLogging: true })

/** Logs one line for each request when it ends. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode: status, elapsedTime, raw } = reply
    const outcome = raw.writableFinished ? 'request completed' : 'request aborted'
    request.log.info({ req: request, status, ms: Math.round(elapsedTime) }, outcome)
    done()
  })
}

function factsOf({ method, url, routeOptions }: FastifyRequest) {
  return { method, route: routeOptions.url, path: url.split('?')[0] }
}
