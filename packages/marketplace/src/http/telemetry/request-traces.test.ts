import { EventEmitter, once } from 'node:events'
import { BookCategory, BookRecommendation, RecommendationsService } from '@books/proto'
import { fakeService, serve } from '@books/rpc/testing'
import { silentLog } from '@books/runtime/testing'
import { startService } from '@books/service'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import Fastify from 'fastify'
import { marketplace } from '../../index.ts'
import { settingsWith } from '../../shop.fixture.ts'
import { useMiddleware } from '../middleware.ts'
import { trackRoutes } from '../request-facts.ts'
import { traceRequests } from './request-traces.ts'

const falcon = BookRecommendation.fromPartial({
  id: 1,
  title: 'The Maltese Falcon',
  author: 'Dashiell Hammett',
  category: BookCategory.MYSTERY,
})
const browsersTrace = '0af7651916cd43dd8448eb211c80319c'
const browsersSpan = 'b7ad6b7169203331'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
const ended = new EventEmitter()
const spans: ReadableSpan[] = []
beforeEach(() => {
  const onEnd = (span: ReadableSpan) => {
    spans.push(span)
    ended.emit(SpanKind[span.kind])
  }
  const processor = { onStart() {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} }
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
})
afterEach(async () => {
  await opened.disposeAsync()
  for (const api of [trace, context, propagation]) api.disable()
  spans.length = 0
})

describe('the trace of a request', () => {
  it('continues the trace of the browser through two services', async () => {
    const shelf = await serve([
      fakeService(RecommendationsService, { recommendSimilar: async () => ({ recommendations: [falcon] }) }),
    ])
    opened.defer(shelf.stop)
    const { recommendSimilar } = shelf.client(RecommendationsService)
    const recommendations = await serve([
      fakeService(RecommendationsService, { recommendSimilar: (request) => recommendSimilar(request) }),
    ])
    opened.defer(recommendations.stop)
    const shop = await openShop(recommendations.port)

    const answer = await fetch(`http://127.0.0.1:${shop.port}/books/1?name=hunter2`, {
      headers: { traceparent: `00-${browsersTrace}-${browsersSpan}-01` },
    })
    const page = await answer.text()
    const isOfPage = ({ name }: ReadableSpan) => name === 'GET /books/:id'
    while (!spans.some(isOfPage)) await once(ended, 'SERVER')

    expect(page).toContain('The Maltese Falcon')
    expect(answer.headers.get('server-timing')).toContain(`traceparent;desc="00-${browsersTrace}-`)
    // A call that nothing waits for may end after the page.
    const request = spans.find(isOfPage)
    const calls = spans.toReversed().filter(({ name }) => name.startsWith('Recommendations'))
    expect(request).toMatchObject({
      name: 'GET /books/:id',
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/books/:id',
        'http.response.status_code': 200,
        'url.path': '/books/1',
        'url.scheme': 'http',
      },
      parentSpanContext: { traceId: browsersTrace, spanId: browsersSpan },
    })
    expect(calls.map(({ name, kind }) => `${SpanKind[kind]} ${name}`)).toEqual([
      'CLIENT Recommendations/RecommendSimilar',
      'SERVER Recommendations/RecommendSimilar',
      'CLIENT Recommendations/RecommendSimilar',
      'SERVER Recommendations/RecommendSimilar',
    ])
    expect(calls.map((span) => span.parentSpanContext?.spanId)).toEqual(
      [request, ...calls].slice(0, -1).map((span) => span?.spanContext().spanId),
    )
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([browsersTrace]))
    expect(JSON.stringify(spans.map(({ attributes, events }) => [attributes, events]))).not.toMatch(/hunter2|Falcon/)
  })

  it('starts a trace for a request without one', async () => {
    const shop = await openShop(1)

    await fetch(`http://127.0.0.1:${shop.port}/healthz`)
    while (spans.length === 0) await once(ended, 'SERVER')

    expect(spans[0]).toMatchObject({ name: 'GET /healthz', status: { code: SpanStatusCode.UNSET } })
    expect(spans[0]?.parentSpanContext).toBeUndefined()
  })

  it.each([
    ['/nothing-here', 'GET', { 'http.response.status_code': 404 }, SpanStatusCode.UNSET],
    ['/broken', 'GET /broken', { 'http.response.status_code': 500, 'error.type': '500' }, SpanStatusCode.ERROR],
  ])('records the status of %s', async (path, name, attributes, code) => {
    const url = await listen()

    await fetch(url + path)
    while (spans.length === 0) await once(ended, 'SERVER')

    expect(spans).toMatchObject([{ name, attributes, status: { code } }])
  })

  it('ends when the client disconnects', async () => {
    const url = await listen()
    const browser = new AbortController()

    const answer = fetch(`${url}/endless`, { signal: browser.signal })
    await once(ended, 'entered')
    browser.abort()
    await answer.catch(() => {})
    while (spans.length === 0) await once(ended, 'SERVER')

    expect(spans[0]?.name).toBe('GET /endless')
    expect(spans[0]?.attributes).not.toHaveProperty(['http.response.status_code'])
  })

  it('is active in a handler that waited for a body', async () => {
    const url = await listen()

    const answer = await fetch(`${url}/form`, { method: 'POST', body: 'x'.repeat(100_000) })
    const traceId = await answer.text()
    while (spans.length === 0) await once(ended, 'SERVER')

    expect(traceId).toBe(spans[0]?.spanContext().traceId)
  })
})

async function openShop(recommendationsPort: number) {
  const nearby = { RECOMMENDATIONS_HOST: '127.0.0.1', RECOMMENDATIONS_PORT: recommendationsPort }
  const settings = settingsWith({ ...nearby, RECOMMENDATIONS_DEADLINE_MS: 5_000 })
  const shop = await startService(marketplace, { settings, log: silentLog })
  opened.defer(shop.stop)
  return shop
}

async function listen(): Promise<string> {
  const app = Fastify({ forceCloseConnections: true })
  trackRoutes(app)
  useMiddleware(app, [traceRequests(undefined)])
  app.get('/broken', async () => {
    throw new Error('out of ink')
  })
  app.get('/endless', () => {
    ended.emit('entered')
    return new Promise(() => {})
  })
  app.post('/form', async () => trace.getActiveSpan()?.spanContext().traceId)
  opened.defer(() => app.close())
  return app.listen({ host: '127.0.0.1', port: 0 })
}
