import type { Mailbox } from '@books/mail'
import type { Log } from '@books/runtime'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { type Assets, assetRoutes } from './assets.ts'
import type { Backends } from './backends/backends.ts'
import { findCartsEarly, useCarts } from './carts/visitor-cart.ts'
import { useHttpCaching } from './http/caching/http-caching.ts'
import { shedLoad } from './http/load-shedding/load-shedding.ts'
import { useMiddleware } from './http/middleware.ts'
import { createPageCache } from './http/page-cache/page-cache.ts'
import { idOf, trackRoutes } from './http/request-facts.ts'
import { connectionLimits, limitPipelining, limitResponses } from './http/security/connection-limits.ts'
import { createClientErrorHandler } from './http/security/malformed-requests.ts'
import { maxBodyBytes } from './http/security/request-limits.ts'
import { useSecurity } from './http/security/security.ts'
import { createSecurityHeaders } from './http/security/security-headers.ts'
import { readTrustedProxies, useForwardedAddresses } from './http/security/trusted-proxies.ts'
import { logRequests, withoutRequestLines } from './http/telemetry/request-log.ts'
import { measureRequests } from './http/telemetry/request-metrics.ts'
import { traceRequests } from './http/telemetry/request-traces.ts'
import { accountRoutes } from './pages/account/routes.ts'
import { opinionRoutes } from './pages/book-reviews/opinion-routes.ts'
import { ownReviewsRoutes } from './pages/book-reviews/own-reviews-routes.ts'
import { reviewRoutes } from './pages/book-reviews/review-routes.ts'
import { bookRoutes } from './pages/books/book-routes.ts'
import { categoryRoutes } from './pages/books/category-routes.ts'
import { searchRoutes } from './pages/books/search-routes.ts'
import { cartRoutes } from './pages/cart/cart-routes.ts'
import { checkoutRoutes } from './pages/checkout/checkout-routes.ts'
import { showError, useErrorPages } from './pages/error-pages.ts'
import { homeRoutes } from './pages/home/home-routes.ts'
import { createArticleHtml } from './pages/journal/article-html.ts'
import { articleRoutes } from './pages/journal/article-routes.ts'
import { articlesApiRoutes } from './pages/journal/articles-api-routes.ts'
import { articlesFeedRoutes } from './pages/journal/articles-feed-routes.ts'
import { mailboxRoutes } from './pages/mailbox/mailbox-routes.ts'
import { orderRoutes } from './pages/orders/order-routes.ts'
import { paymentEventRoutes } from './pages/orders/payment-event-routes.ts'
import { usePages } from './pages/pages.ts'
import { siteMapRoutes } from './pages/site/site-map-routes.ts'
import { statusRoutes } from './pages/site/status-routes.ts'
import { preferencesRoutes } from './preferences/preferences-routes.ts'
import { findVisitorsEarly, useVisitors } from './sessions/visitors.ts'

/** What the web application is made from. */
export interface AppDeps {
  backends: Backends
  assets: Assets
  /** The shop's origin. */
  publicUrl: string
  /** The origins of the payment provider's pages. */
  paymentOrigins: readonly string[]
  /** Signs cookies. */
  cookieSecret: string
  /** The proxies whose `X-Forwarded-*` headers are trusted. */
  trustedProxies: string | undefined
  /** The number of forms that one address may send in a minute. */
  formsPerMinute: number
  /** How long a request may wait for the event loop before it is rejected, in milliseconds. */
  busyMs: number
  /** The local mailbox, if visitors may see it. */
  mailbox: Mailbox | undefined
  log: Log
  now: () => Date
}

/** Creates the web application, which does not listen yet. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const { backends, assets, publicUrl, paymentOrigins, cookieSecret, trustedProxies, formsPerMinute, busyMs } = deps
  const { mailbox, log, now } = deps
  const trustProxy = readTrustedProxies(trustedProxies)
  const securityHeaders = createSecurityHeaders(publicUrl)
  const loggerInstance: FastifyBaseLogger = log
  const app = Fastify({
    loggerInstance,
    logController: withoutRequestLines,
    ...connectionLimits,
    bodyLimit: maxBodyBytes,
    forceCloseConnections: 'idle',
    trustProxy: trustProxy ?? false,
    genReqId: idOf,
    // These occur before a route is found, and so before any hook.
    frameworkErrors: (error, request, reply) => {
      reply.raw.setHeaders(securityHeaders)
      void showError(app, error, request, reply)
    },
    clientErrorHandler: (error, socket) => handleClientError(error, socket),
  })
  const handleClientError = createClientErrorHandler(app, securityHeaders)
  const articleHtml = createArticleHtml(publicUrl)
  const pageCache = createPageCache(publicUrl)

  trackRoutes(app)
  if (trustProxy) useForwardedAddresses(app)
  useMiddleware(app, [
    // Before the queue, which would hold them.
    limitPipelining(),
    shedLoad(app, { busyMs, isInMemory: pageCache.has, securityHeaders, log }),
    logRequests(log),
    measureRequests(trustProxy),
    traceRequests(trustProxy),
    limitResponses(),
    pageCache.use(app),
  ])
  await useSecurity(app, { securityHeaders, publicUrl, cookieSecret, formsPerMinute })
  useVisitors(app, backends.sessions)
  useCarts(app, backends.carts)
  await usePages(app, assets, publicUrl)
  useErrorPages(app)
  useHttpCaching(app)

  await app.register(async (pages) => {
    findVisitorsEarly(pages)
    findCartsEarly(pages)
    await pages.register(homeRoutes({ backends, now }))
    await pages.register(categoryRoutes(backends))
    await pages.register(bookRoutes(backends, publicUrl))
    await pages.register(searchRoutes(backends))
    await pages.register(preferencesRoutes(backends))
    await pages.register(articleRoutes(backends, articleHtml))
  })
  await app.register(reviewRoutes(backends))
  await app.register(ownReviewsRoutes(backends))
  await app.register(opinionRoutes(backends, publicUrl))
  await app.register(accountRoutes(backends))
  await app.register(cartRoutes(backends, publicUrl))
  await app.register(checkoutRoutes({ backends, publicUrl, paymentOrigins }))
  await app.register(orderRoutes(backends))
  await app.register(paymentEventRoutes(backends))
  await app.register(articlesFeedRoutes(backends, articleHtml, publicUrl))
  await app.register(articlesApiRoutes(backends))
  await app.register(siteMapRoutes(backends, publicUrl))
  if (mailbox) await app.register(mailboxRoutes(mailbox))
  await app.register(statusRoutes(backends))
  await app.register(assetRoutes(assets))

  return app
}
