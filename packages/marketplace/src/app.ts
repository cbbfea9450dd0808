import { randomUUID } from 'node:crypto'
import type { Log } from '@books/runtime'
import Fastify, { type FastifyInstance } from 'fastify'
import { type Assets, assetRoutes } from './assets.ts'
import type { Sources } from './backends/backends.ts'
import { useDelivery } from './http/caching/http-caching.ts'
import { turnAwayCrowds } from './http/load-shedding/load-shedding.ts'
import { connectionLimits } from './http/security/connection-limits.ts'
import { createBrokenRequestAnswer } from './http/security/malformed-requests.ts'
import { mostBodyBytes } from './http/security/request-limits.ts'
import { protect } from './http/security/security.ts'
import { createSecurityHeaders } from './http/security/security-headers.ts'
import { createRequestLog, requestLogging } from './http/telemetry/request-log.ts'
import { measureRequests } from './http/telemetry/request-metrics.ts'
import { traceRequests } from './http/telemetry/request-traces.ts'
import { bookRoutes } from './pages/books/book-routes.ts'
import { categoryRoutes } from './pages/books/category-routes.ts'
import { searchRoutes } from './pages/books/search-routes.ts'
import { showError, useErrorPages } from './pages/error-pages.ts'
import { homeRoutes } from './pages/home/home-routes.ts'
import { createArticleHtml } from './pages/journal/article-html.ts'
import { articleRoutes } from './pages/journal/article-routes.ts'
import { articlesApiRoutes } from './pages/journal/articles-api-routes.ts'
import { articlesFeedRoutes } from './pages/journal/articles-feed-routes.ts'
import { usePages } from './pages/pages.ts'
import { siteMapRoutes } from './pages/site/site-map-routes.ts'
import { statusRoutes } from './pages/site/status-routes.ts'
import { tasteRoutes } from './preferences/preferences-routes.ts'

/** What the shop needs. */
export interface AppDeps {
  sources: Sources
  assets: Assets
  /** Where visitors find the shop. */
  publicUrl: string
  /** Signs cookies. */
  cookieSecret: string
  /** The proxies whose word on a visitor's address is taken. */
  trustedProxies: string | undefined
  /** How many forms one address may send in a minute. */
  formsPerMinute: number
  /** How long the shop may work without a pause before it turns visitors away, in milliseconds. */
  busyMs: number
  log: Log
  now: () => Date
}

/** The shop as a web application that does not listen yet. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { sources, assets, publicUrl, cookieSecret, trustedProxies, formsPerMinute, busyMs, log, now } = deps
  const setSecurityHeaders = createSecurityHeaders(publicUrl)
  const app = Fastify({
    loggerInstance: createRequestLog(log),
    logController: requestLogging,
    ...connectionLimits,
    bodyLimit: mostBodyBytes,
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies ?? false,
    genReqId: () => randomUUID(),
    // Fastify meets these before it knows the route, and so before any hook.
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(request.raw, reply.raw)
      void showError(app, error, request, reply)
    },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket),
  })
  const answerBrokenRequest = createBrokenRequestAnswer(app, setSecurityHeaders)
  const articleHtml = createArticleHtml(publicUrl)

  measureRequests(app)
  traceRequests(app)
  turnAwayCrowds(app, { busyMs, setSecurityHeaders, log })
  await protect(app, { setSecurityHeaders, publicUrl, cookieSecret, formsPerMinute })
  await usePages(app, assets, publicUrl)
  useErrorPages(app)
  useDelivery(app)

  await app.register(homeRoutes({ sources, now }))
  await app.register(categoryRoutes(sources))
  await app.register(bookRoutes(sources))
  await app.register(searchRoutes(sources))
  await app.register(tasteRoutes(sources))
  await app.register(articleRoutes(sources, articleHtml))
  await app.register(articlesFeedRoutes(sources, articleHtml, publicUrl))
  await app.register(articlesApiRoutes(sources))
  await app.register(siteMapRoutes(sources, publicUrl))
  await app.register(statusRoutes(sources))
  await app.register(assetRoutes(assets))

  return app
}
