import { createHash } from 'node:crypto'
import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Log } from '@books/runtime'
import type { FastifyInstance } from 'fastify'
import { paths } from '../../pages/paths.ts'
import type { SetSecurityHeaders } from '../security/security-headers.ts'
import { countTurnedAway } from '../telemetry/request-metrics.ts'
import { type Crowd, createCrowd, type LoopTime, loopTime } from './overload.ts'

const retryAfterSeconds = 5
const tellEveryMs = 1_000

// Orchestrators ask whether the shop is alive, most of all when it is full.
const asksOfOrchestrators: ReadonlySet<string | undefined> = new Set([paths.healthz, paths.readyz])

/** What it takes to turn visitors away. */
export interface CrowdDeps {
  /** How long the shop may work without a pause before it does, in milliseconds. */
  busyMs: number
  setSecurityHeaders: SetSecurityHeaders
  log: Log
  /** Of this process unless said otherwise. */
  time?: LoopTime
}

/**
 * Turns visitors away who would wait too long, with a small page and before anything else is done for them: 503, and when
 * to come back. It counts those who come to routes that are registered after this.
 */
export function turnAwayCrowds(app: FastifyInstance, deps: CrowdDeps): void {
  const { server } = app
  const { busyMs, setSecurityHeaders, log, time = loopTime } = deps
  const [serve] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  const crowd = createCrowd(busyMs, time)
  const count = createCount(log)
  const page = fullPage(setSecurityHeaders)

  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    if (asksOfOrchestrators.has(request.url)) return serve?.(request, response)
    if (!crowd.isTooLarge()) {
      crowd.come(request.socket)
      return serve?.(request, response)
    }
    count()
    response.writeHead(503, page.headers)
    response.end(page.body)
  })
  countInside(app, crowd)
}

// From when all of a request is here until its answer is ready: who is slow to send, or to read, keeps nobody out.
function countInside(app: FastifyInstance, crowd: Crowd): void {
  const leaving = new WeakMap<ServerResponse, () => void>()

  app.addHook('preHandler', (_request, { raw }, done) => {
    crowd.enter()
    const leave = () => {
      if (leaving.delete(raw)) crowd.leave()
    }
    leaving.set(raw, leave)
    raw.once('close', leave)
    done()
  })
  app.addHook('onSend', (_request, { raw }, _payload, done) => {
    leaving.get(raw)?.()
    done()
  })
}

/** Counts, and tells the log now and then, and whoever measures. */
function createCount(log: Log): () => void {
  let turnedAway = 0
  const measure = countTurnedAway()
  return () => {
    turnedAway++
    measure()
    if (turnedAway > 1) return
    setTimeout(() => {
      log.warn({ turnedAway }, 'the shop is full')
      turnedAway = 0
    }, tellEveryMs).unref()
  }
}

/** A page that asks for nothing else: a full shop is not helped by requests for styles. */
function fullPage(setSecurityHeaders: SetSecurityHeaders): { headers: OutgoingHttpHeaders; body: Buffer } {
  const style = 'body{font:1.2em/1.5 Georgia,serif;max-width:32em;margin:20vh auto;padding:0 1em}'
  const body = Buffer.from(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<meta name="color-scheme" content="light dark"><title>The shop is full · Books</title><style>${style}</style></head>` +
      '<body><h1>The shop is full</h1><p>More people came at once than we can serve. Please try again in a moment.</p></body></html>',
  )
  const styleHash = createHash('sha256').update(style).digest('base64')

  const request = new IncomingMessage(new Socket())
  const example = new ServerResponse(request)
  setSecurityHeaders(request, example)
  return {
    headers: {
      ...example.getHeaders(),
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'no-store',
      'retry-after': String(retryAfterSeconds),
    },
    body,
  }
}
