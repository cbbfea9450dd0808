import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@books/runtime'
import type { FastifyInstance } from 'fastify'
import { routes } from '../../pages/paths.ts'
import type { Middleware } from '../middleware.ts'
import type { SecurityHeaders } from '../security/security-headers.ts'
import { createRejectionCounter } from '../telemetry/request-metrics.ts'
import { createOverloadDetector, type LoopTime, loopTime, type OverloadDetector } from './overload-detector.ts'

const retryAfterSeconds = 5
const logEveryMs = 1_000

// Health checks are answered under overload as well.
const healthChecks: ReadonlySet<string | undefined> = new Set([routes.healthz, routes.readyz])
// So are the requests of a visitor who is paying: the checkout, the order that it leads to, and what the payment provider tells of it.
const paying = new RegExp(`^(${routes.checkout}|${routes.orders}/[^/?]+|${routes.paymentEvents})(\\?|$)`)

/** What load shedding needs. */
export interface LoadSheddingDeps {
  /** How long the event loop may be busy without a pause before requests are rejected, in milliseconds. */
  busyMs: number
  /** Whether a request is answered from memory, which takes as long as its rejection. */
  isInMemory: (request: IncomingMessage) => boolean
  securityHeaders: SecurityHeaders
  log: Log
  /** This process's clocks by default. */
  time?: LoopTime
}

/**
 * Rejects requests that would wait too long, with 503, `Retry-After` and a small page: but no health checks, none of a visitor who is paying, and none
 * whose answer is in memory. Counts the requests to routes that are registered after this.
 */
export function shedLoad(app: FastifyInstance, deps: LoadSheddingDeps): Middleware {
  const { busyMs, isInMemory, securityHeaders, log, time = loopTime } = deps
  const detector = createOverloadDetector(busyMs, time)
  const recordRejection = createRejectionRecorder(log)
  const page = overloadedPage(securityHeaders)
  countRunning(app, detector)

  return (next) => (request, response) => {
    if (healthChecks.has(request.url)) return next(request, response)
    if (!detector.isOverloaded() || paying.test(request.url ?? '') || isInMemory(request)) {
      detector.arrived(request.socket)
      return next(request, response)
    }
    recordRejection()
    response.writeHead(503, page.headers)
    response.end(page.body)
  }
}

// From the complete request until its response is ready, so that clients that send or read slowly do not count.
function countRunning(app: FastifyInstance, detector: OverloadDetector): void {
  const endings = new WeakMap<ServerResponse, () => void>()

  app.addHook('preHandler', (_request, { raw }, done) => {
    detector.started()
    const end = () => {
      if (endings.delete(raw)) detector.ended()
    }
    endings.set(raw, end)
    raw.once('close', end)
    done()
  })
  app.addHook('onSend', (_request, { raw }, _payload, done) => {
    endings.get(raw)?.()
    done()
  })
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
