import { randomUUID } from 'node:crypto'
import type { Log } from '@books/runtime'
import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formBody from '@fastify/formbody'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify'
import { type Assets, assetRoutes } from './assets.ts'
import { useDelivery } from './delivery/delivery.ts'
import { createArticleHtml } from './journal/article-html.ts'
import { articleRoutes } from './pages/article-routes.ts'
import { articlesApiRoutes } from './pages/articles-api-routes.ts'
import { articlesFeedRoutes } from './pages/articles-feed-routes.ts'
import { bookRoutes } from './pages/book-routes.ts'
import { categoryRoutes } from './pages/category-routes.ts'
import { showError, useErrorPages } from './pages/error-pages.ts'
import { homeRoutes } from './pages/home-routes.ts'
import { searchRoutes } from './pages/search-routes.ts'
import { siteMapRoutes } from './pages/site-map-routes.ts'
import { statusRoutes } from './pages/status-routes.ts'
import { tasteRoutes } from './pages/taste-routes.ts'
import { usePages } from './pages.ts'
import { traceRequests } from './request-traces.ts'
import type { Sources } from './sources/sources.ts'
import { cookieOptions } from './taste/taste-cookie.ts'

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
  log: Log
  now: () => Date
}

/** The shop as a web application that does not listen yet. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { sources, assets, publicUrl, cookieSecret, trustedProxies, log, now } = deps
  const loggerInstance: FastifyBaseLogger = log
  const app = Fastify({
    loggerInstance,
    // Who sends a request a byte at a time is not waited for.
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
    bodyLimit: 64 * 1024,
    forceCloseConnections: 'idle',
    trustProxy: trustedProxies ?? false,
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => void showError(app, error, request, reply as FastifyReply),
  })
  const articleHtml = createArticleHtml(publicUrl)
  const cookies = cookieOptions(publicUrl.startsWith('https:'))

  traceRequests(app)
  await app.register(formBody)
  await app.register(cookie, { secret: cookieSecret, parseOptions: cookies })
  await app.register(csrf, { cookieOpts: cookies })
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
