import type { Log } from '@books/runtime'
import { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'

/** A log whose lines tell what was asked for and never by whom, nor what they typed, whoever logs a request as `req`. */
export function createRequestLog(log: Log): FastifyBaseLogger {
  return log.child({}, { serializers: { req: factsOf } })
}

/** Takes the place of the lines that Fastify writes by itself. */
export const requestLogging = new LogController({ disableRequestLogging: true })

/** Logs a line for each request once it is over. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode: status, elapsedTime, raw } = reply
    const outcome = raw.writableFinished ? 'answered' : 'broken off'
    request.log.info({ req: request, status, ms: Math.round(elapsedTime) }, outcome)
    done()
  })
}

function factsOf({ method, url, routeOptions }: FastifyRequest) {
  return { method, route: routeOptions.url, path: url.split('?')[0] }
}
