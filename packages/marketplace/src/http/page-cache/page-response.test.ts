import { once } from 'node:events'
import { createConnection } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { startTelemetry } from '@books/runtime'
import { silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Fastify, { type FastifyReply } from 'fastify'
import { useHttpCaching } from '../caching/http-caching.ts'
import { injectThroughMiddleware } from '../inject.fixture.ts'
import { type Middleware, useMiddleware } from '../middleware.ts'
import { trackRoutes } from '../request-facts.ts'
import { logRequests } from '../telemetry/request-log.ts'
import { measureRequests } from '../telemetry/request-metrics.ts'
import { createPageCache } from './page-cache.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const html = 'text/html; charset=utf-8'

describe('a page from the cache', () => {
  it('has the headers that its route set, its policy among them, and the time of its own request', async () => {
    const { open } = await serve((reply) => reply.header('content-security-policy', "script-src 'sha256-x'"))

    const first = await open()
    const second = await open()

    expect(second.headers).toMatchObject({
      'content-security-policy': "script-src 'sha256-x'",
      'x-frame-options': 'DENY',
    })
    const timings = [first, second].map(({ headers }) => headers['server-timing'])
    expect(timings).toEqual(['visit;dur=1', 'visit;dur=2'])
  })

  it('is logged and measured as every other one', async () => {
    const service = { name: 'shop', version: '1.2.3', log: silentLog }
    const telemetry = await startTelemetry({ METRICS_PORT: 0, HOST: '127.0.0.1' }, service)
    opened.defer(telemetry.stop)
    const { open, lines, made } = await serve(() => {})

    for (let visit = 0; visit < 3; visit++) await open()
    const text = await (await fetch(`http://127.0.0.1:${telemetry.metricsPort}/metrics`)).text()

    expect(made()).toBe(1)
    const line = { req: { method: 'GET', route: '/', path: '/' }, status: 200 }
    expect(lines).toMatchObject([line, line, line])
    expect(text).toMatch(
      /^http_server_request_duration_count\{.*http_route="\/",http_response_status_code="200".*\} 3$/m,
    )
  })
})

it('the cache tells which requests it can answer: those for a page that it has, without a cookie of the shop', async () => {
  const { app, had, open } = await serve(() => {})

  await open()
  await open()
  await app.inject({ url: '/', headers: { cookie: 'session-5000=1' } })
  await open('/?other')

  expect(had).toEqual([false, true, false, false])
})

it('a server that closes sends no page from the cache, so that busy connections end, too', async () => {
  const { app, open, made } = await serve(() => {})
  const held = Promise.withResolvers<void>()
  app.get('/held', () => held.promise)
  await open()
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket = createConnection(Number(port), '127.0.0.1')

  socket.write('GET /held HTTP/1.1\r\nHost: books\r\n\r\n')
  await once(app.server, 'request')
  const closed = app.close()
  while (app.server.listening) await setImmediate()
  socket.write('GET / HTTP/1.1\r\nHost: books\r\n\r\n')
  held.resolve()
  const answers = await text(socket)
  await closed

  expect(answers).toMatch(/connection: close/i)
  expect(made()).toBe(1)
})

describe('a response is not stored', () => {
  it.each<[string, (reply: FastifyReply) => unknown]>([
    ['with a cookie', (reply) => reply.header('set-cookie', 'session=1')],
    ['that must not be stored', (reply) => reply.header('cache-control', 'no-store')],
    ['for shared caches, which is no page', (reply) => reply.type('application/xml')],
    ['that is an error', (reply) => reply.code(503)],
  ])('%s', async (_which, prepare) => {
    const { open, made } = await serve(prepare)

    await open()
    await open()

    expect(made()).toBe(2)
  })

  it('to another method', async () => {
    const { app, open, made } = await serve(() => {})

    await app.inject({ method: 'HEAD', url: '/' })
    await open()
    await app.inject({ method: 'HEAD', url: '/' })

    expect(made()).toBe(3)
  })

  it('of a route that does not say that it is shared', async () => {
    const { open, made } = await serve(() => {}, false)

    await open()
    await open()

    expect(made()).toBe(2)
  })
})

it('the pages that were not asked for the longest make room for others', async () => {
  // Four of them are more than 32 MiB.
  const { open, made } = await serve(() => {}, true, 'x'.repeat(9 * 1024 * 1024))

  for (const url of ['/?1', '/?2', '/?3', '/?1', '/?4']) await open(url)
  expect(made()).toBe(4)

  for (const url of ['/?1', '/?4', '/?3']) await open(url)
  expect(made()).toBe(4)
  await open('/?2')
  expect(made()).toBe(5)
})

/** A server with one page, which `prepare` sets headers of. */
async function serve(prepare: (reply: FastifyReply) => unknown, isShared = true, body = '<!doctype html>') {
  const lines: object[] = []
  const log = Object.assign(Object.create(silentLog), { info: (line: object) => lines.push(line) })
  const app = Fastify()
  opened.defer(() => app.close())
  let visits = 0
  let made = 0
  const timeVisits: Middleware = (next) => (request, response) => {
    response.setHeader('server-timing', `visit;dur=${++visits}`)
    next(request, response)
  }
  trackRoutes(app)
  const pageCache = createPageCache('http://localhost:5000')
  const had: boolean[] = []
  const ask: Middleware = (next) => (request, response) => {
    had.push(pageCache.has(request))
    next(request, response)
  }
  useMiddleware(app, [logRequests(log), measureRequests(undefined), timeVisits, ask, pageCache.use(app)])
  injectThroughMiddleware(app)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.raw.setHeader('x-frame-options', 'DENY')
    done()
  })
  useHttpCaching(app)
  app.get('/', { config: { isShared } }, async (_request, reply) => {
    made++
    reply.type(html)
    prepare(reply)
    return body
  })
  return { app, lines, had, made: () => made, open: (url = '/') => app.inject(url) }
}
