import { randomUUID } from 'node:crypto'
import type { RecommendationsService } from '@books/proto'
import type { Client, HealthService } from '@books/rpc'
import type { Log } from '@books/runtime'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify'
import { type Assets, assetRoutes } from './assets.ts'
import { showError, useErrorPages } from './error-pages.ts'
import { homeRoutes } from './home-routes.ts'
import { usePages } from './pages.ts'
import { traceRequests } from './request-traces.ts'
import { statusRoutes } from './status-routes.ts'

/** What the shop needs. */
export interface AppDeps {
  recommendations: Client<typeof RecommendationsService>
  recommendationsHealth: Client<typeof HealthService>
  assets: Assets
  log: Log
}

/** The shop as a web application that does not listen yet. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { recommendations, recommendationsHealth, assets, log } = deps
  const loggerInstance: FastifyBaseLogger = log
  const app = Fastify({
    loggerInstance,
    // Who sends a request a byte at a time is not waited for.
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
    bodyLimit: 64 * 1024,
    forceCloseConnections: 'idle',
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => void showError(app, error, request, reply as FastifyReply),
  })

  traceRequests(app)
  await usePages(app, assets)
  useErrorPages(app)
  await app.register(homeRoutes(recommendations))
  await app.register(statusRoutes(recommendationsHealth))
  await app.register(assetRoutes(assets))

  return app
}
