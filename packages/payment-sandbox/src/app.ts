import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Log } from '@books/runtime'
import view from '@fastify/view'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import Handlebars from 'handlebars'
import { sql } from 'kysely'
import { answerError } from './answer-error.ts'
import { ApiError } from './api/api-error.ts'
import { paymentRoutes } from './api/payment-routes.ts'
import { pageRoutes } from './pages/page-routes.ts'
import type { SandboxDeps } from './sandbox-deps.ts'
import { securityHeaders } from './security-headers.ts'

const stylesheet = readFileSync(new URL('../assets/sandbox.css', import.meta.url))

/** Creates the web application of the sandbox, which does not listen yet. */
export async function createApp(deps: SandboxDeps): Promise<FastifyInstance> {
  const { tables, log, answerDelayMs } = deps
  const app = Fastify({
    loggerInstance: requestLogOf(log),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 10_000,
    routerOptions: { maxParamLength: 100 },
    requestTimeout: 10_000,
    // A late answer keeps its connection silent.
    connectionTimeout: answerDelayMs + 10_000,
    forceCloseConnections: 'idle',
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    frameworkErrors: (error, request, reply) => {
      void reply.headers(securityHeaders)
      void answerError(error, request, reply)
    },
  })
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (_request, reply) => void reply.headers(securityHeaders))
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) =>
    answerError(new ApiError(404, 'not_found', 'There is nothing at this address.'), request, reply),
  )
  await app.register(view, {
    engine: { handlebars: Handlebars.create() },
    root: fileURLToPath(new URL('../views/', import.meta.url)),
    layout: 'layout.hbs',
    production: true,
  })
  await app.register(paymentRoutes(deps))
  await app.register(pageRoutes(deps))
  app.get('/sandbox.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(stylesheet))
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async () => {
    await sql`select 1`.execute(tables)
    return { status: 'ready' }
  })
  return app
}

/** Without addresses and headers. */
function requestLogOf(log: Log): FastifyBaseLogger {
  const req = ({ method, routeOptions }: FastifyRequest) => ({ method, route: routeOptions.url })
  return log.child({}, { serializers: { req } })
}
