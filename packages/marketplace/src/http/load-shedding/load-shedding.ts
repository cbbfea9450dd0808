import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { Log } from '@books/runtime'
import type { FastifyInstance } from 'fastify'
import { routes } from '../../pages/paths.ts'
import type { Middleware } from '../middleware.ts'
import type { SecurityHeaders } from '../security/security-headers.ts'
import { createRejectionCounter } from '../telemetry/request-metrics.ts'
import { queueRequests, type Wait } from './request-queue.ts'

// Fewer waiting requests are no overload, however long they wait: the first pages of a new process are slow.
const minWaiting = 20
// Requests that wait for backends, or for their page once these have answered.
const maxRunning = 200
const retryAfterSeconds = 5
const logEveryMs = 1_000

// Health checks are answered under overload as well.
const healthChecks: ReadonlySet<string | undefined> = new Set([routes.healthz, routes.readyz])
// So are the requests of a visitor who is paying: the checkout, the order that it leads to, and what the payment provider tells of it.
const paying = new RegExp(`^(${routes.checkout}|${routes.orders}/[^/?]+|${routes.paymentEvents})(\\?|$)`)

/** What load shedding needs. */
export interface LoadSheddingDeps {
  /** How long a request may wait for the event loop before it is rejected, in milliseconds. */
  busyMs: number
  /** Whether a request is answered from memory, which takes as long as its rejection. */
  isInMemory: (request: IncomingMessage) => boolean
  securityHeaders: SecurityHeaders
  log: Log
  /** The clock, in milliseconds. */
  now?: () => number
}

/**
 * Handles requests in the order in which they come, and rejects those that have waited too long with 503, `Retry-After` and a small page. Health checks and the
 * requests of a visitor who is paying do not wait, and what is answered from memory is not rejected. Counts the running requests of routes that are registered
 * after this.
 */
export function shedLoad(app: FastifyInstance, deps: LoadSheddingDeps): Middleware {
  const { busyMs, isInMemory, securityHeaders, log, now = () => performance.now() } = deps
  const recordRejection = createRejectionRecorder(log)
  const page = overloadedPage(securityHeaders)
  const countRunning = countRunningRequests(app)
  const isTooLong = ({ ms, behind }: Wait) => behind >= minWaiting && (ms >= busyMs || countRunning() >= maxRunning)

  return (next) => {
    const enqueue = queueRequests((request, response, wait) => {
      if (!wait || !isTooLong(wait) || isInMemory(request)) return next(request, response)
      recordRejection()
      response.writeHead(503, page.headers)
      response.end(page.body)
    }, now)
    return (request, response) => {
      const isUrgent = healthChecks.has(request.url) || paying.test(request.url ?? '')
      if (isUrgent) next(request, response)
      else enqueue(request, response)
    }
  }
}

/** The number of requests from the complete request until its response is ready, so that clients that send or read slowly do not count. */
function countRunningRequests(app: FastifyInstance): () => number {
  const running = new Set<ServerResponse>()
  app.addHook('preHandler', (_request, { raw }, done) => {
    running.add(raw)
    raw.once('close', () => running.delete(raw))
    done()
  })
  app.addHook('onSend', (_request, { raw }, _payload, done) => {
    running.delete(raw)
    done()
  })
  return () => running.size
}

/** Counts rejections in the metrics, and sums them up in one log line a second. */
function createRejectionRecorder(log: Log): () => void {
  let rejected = 0
  const count = createRejectionCounter()
  return () => {
    rejected++
    count()
    if (rejected > 1) return
    setTimeout(() => {
      log.warn({ rejected }, 'overloaded: requests were rejected')
      rejected = 0
    }, logEveryMs).unref()
  }
}

/** The page of a rejection. It loads nothing, as more requests would add to the load. */
function overloadedPage(securityHeaders: SecurityHeaders): { headers: Record<string, string>; body: Buffer } {
  const style = 'body{font:1.2em/1.5 Georgia,serif;max-width:32em;margin:20vh auto;padding:0 1em}'
  const body = Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<meta name="color-scheme" content="light dark"><title>The shop is full · Books</title><style>${style}</style></head>` +
      '<body><h1>The shop is full</h1><p>More people came at once than we can serve. Please try again in a moment.</p></body></html>',
  )
  const styleHash = createHash('sha256').update(style).digest('base64')

  return {
    headers: {
      ...Object.fromEntries(securityHeaders),
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'no-store',
      'retry-after': String(retryAfterSeconds),
    },
    body,
  }
}
