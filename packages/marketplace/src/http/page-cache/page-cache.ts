import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { collectLifetime, isFresh, isUsable, unlimited } from '../../backends/answer-lifetime.ts'
import { cacheControl } from '../caching/cache-control.ts'
import { pageEncodingFor } from '../caching/encodings.ts'
import { matchesTag } from '../caching/entity-tags.ts'
import { cookieNamesOf } from '../cookies.ts'
import type { Middleware } from '../middleware.ts'
import { setRoute } from '../request-facts.ts'
import { hasValidHost } from '../security/host-header.ts'
import { createPageStore, type ResponseHeaders, type StoredPage, storedPageOf } from './page-store.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Whether the page depends on nothing but its URL and answers of backends where the request has no cookie of the shop, so that it may be
     * sent to every such visitor.
     */
    isShared?: boolean
  }
  interface FastifyRequest {
    /** Takes the whole response, encoded; null where it is not to be stored. */
    storePage: ((headers: ResponseHeaders, body: Buffer) => void) | null
  }
}

/** Pages that are the same for every visitor of whom the shop knows nothing. */
export interface PageCache {
  /** Answers from the cache. A hook lets `storePage` fill it, and lets one request at a time make a page while others wait for it or get the stale one. */
  use(app: FastifyInstance): Middleware
  /** Whether there is a page to answer with; one such request may make it anew. */
  has(request: IncomingMessage): boolean
}

// Pages that could not be made; others are waited for.
const maxFailed = 1_000
// A page is made at most ten times a second.
const minFreshMs = 100

/**
 * Creates a cache of pages as bytes. A page is good for as long as the answers that it was made from, made by one request at a time, and shown
 * while another one is made. What lacks the answer of a backend is stored while that backend rests.
 */
export function createPageCache(publicUrl: string): PageCache {
  const pages = createPageStore()
  const making = new Map<string, Promise<StoredPage | undefined>>()
  // Those who come while one of these is made again do not wait: it may wait for a backend that does not answer.
  const failed = new LRUCache<string, true>({ max: maxFailed })
  // The secret of forms is in no page without a form, and a page with one is not stored.
  const { formSecret: _, ...names } = cookieNamesOf(publicUrl)
  const visitorCookies = Object.values(names)
  let isClosing = false

  /** Undefined where the page may have something of its visitor, and for a request that is refused. */
  function keyOf(request: IncomingMessage): string | undefined {
    const { method, url, headers } = request
    const { cookie } = headers
    if (method !== 'GET' || (cookie && visitorCookies.some((name) => cookie.includes(name)))) return undefined
    return hasValidHost(request) ? `${pageEncodingFor(headers['accept-encoding'])} ${url}` : undefined
  }

  function make(key: string, request: FastifyRequest, { raw }: FastifyReply, done: () => void): void {
    const lifetime = unlimited()
    const { promise, resolve } = Promise.withResolvers<StoredPage | undefined>()
    making.set(key, promise)
    const end = (page?: StoredPage) => {
      if (making.get(key) !== promise) return
      making.delete(key)
      if (page) failed.delete(key)
      else failed.set(key, true)
      resolve(page)
    }
    request.storePage = (headers, body) => {
      if (headers['cache-control'] !== cacheControl.page || headers['set-cookie'] !== undefined) return
      const page = storedPageOf({ route: request.routeOptions.url, lifetime, headers, body })
      // Its answers may be stale already, and newer ones under way.
      lifetime.freshUntilMs = Math.max(
        lifetime.freshUntilMs,
        Math.min(performance.now() + minFreshMs, lifetime.staleUntilMs),
      )
      pages.set(key, page)
      end(page)
    }
    raw.once('close', () => end())
    collectLifetime(lifetime, done)
  }

  function find(request: IncomingMessage): { key: string; page: StoredPage } | undefined {
    const key = isClosing ? undefined : keyOf(request)
    const page = key === undefined ? undefined : pages.get(key)
    return key !== undefined && page && isUsable(page.lifetime) ? { key, page } : undefined
  }

  return {
    has: (request) => find(request) !== undefined,
    use(app) {
      app.addHook('preClose', (done) => {
        isClosing = true
        done()
      })
      app.decorateRequest('storePage', null)
      app.addHook('onRequest', (request, reply, done) => {
        const key = keyOf(request.raw)
        if (key === undefined || !request.routeOptions.config.isShared) return done()

        const made = making.get(key)
        if (!made) return make(key, request, reply, done)
        if (failed.has(key)) return done()
        void sendWhenMade(made, reply, done)
      })

      return (next) => (request, response) => {
        const found = find(request)
        if (!found || !(isFresh(found.page.lifetime) || making.has(found.key))) return next(request, response)
        setRoute(request, found.page.route)
        send(found.page, request, response)
      }
    },
  }
}

/** Sends the page without the hooks that would add its headers and its tag again. */
async function sendWhenMade(
  made: Promise<StoredPage | undefined>,
  reply: FastifyReply,
  done: () => void,
): Promise<void> {
  const page = await made
  if (page) send(page, reply.request.raw, reply.hijack().raw)
  else done()
}

function send(page: StoredPage, { headers }: IncomingMessage, response: ServerResponse): void {
  if (matchesTag(headers['if-none-match'], page.tag)) response.writeHead(304, page.headersOf304).end()
  else response.writeHead(200, page.headers).end(page.body)
}
