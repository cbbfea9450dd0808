import { createLog } from '@books/runtime'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace'
import { type OpenStore, readStoreSettings, startStore } from './index.ts'
import { freePorts, patient } from './store.fixture.ts'

const browsersTrace = '0af7651916cd43dd8448eb211c80319c'
const browsersSpan = 'b7ad6b7169203331'

describe('a page of the store', () => {
  const spans: ReadableSpan[] = []
  const pageEnded = Promise.withResolvers<void>()
  let shop: OpenStore
  beforeAll(async () => {
    const onEnd = (span: ReadableSpan) => {
      spans.push(span)
      if (span.name === 'GET /articles/:id') pageEnded.resolve()
    }
    const processor = { onStart() {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} }
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }))
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    propagation.setGlobalPropagator(new W3CTraceContextPropagator())
    shop = await openStore()
  })
  afterAll(async () => {
    await shop?.stop()
    for (const api of [trace, context, propagation]) api.disable()
  })

  it('is one trace from the browser to the database', async () => {
    await fetch(`http://127.0.0.1:${shop.port}/articles/1`, {
      headers: { traceparent: `00-${browsersTrace}-${browsersSpan}-01` },
    })
    await pageEnded.promise

    const query = spans.find((span) => span.name === 'SELECT articles.articles' && isBrowsers(span.spanContext()))
    expect(wayTo(query)).toEqual([
      'SERVER GET /articles/:id',
      'CLIENT ArticleService/ArticleDetail',
      'SERVER ArticleService/ArticleDetail',
      'CLIENT SELECT articles.articles',
    ])
  })

  it('does not trace queries outside of a request', () => {
    const queries = spans.filter(({ attributes }) => 'db.system.name' in attributes)

    expect(queries.filter(({ parentSpanContext }) => !parentSpanContext)).toEqual([])
  })

  /** The spans that lead to this one, the first one first, where that is what the browser asked for. */
  function wayTo(last: ReadableSpan | undefined): string[] {
    const way: string[] = []
    let span = last
    while (span) {
      const { name, kind, parentSpanContext } = span
      way.unshift(`${SpanKind[kind]} ${name}`)
      if (parentSpanContext?.spanId === browsersSpan) return way
      span = spans.find((each) => each.spanContext().spanId === parentSpanContext?.spanId)
    }
    return ['nowhere', ...way]
  }
})

function isBrowsers({ traceId }: { traceId: string }): boolean {
  return traceId === browsersTrace
}

function openStore() {
  const env = { ...freePorts, ...patient, METRICS_PORT: '0', DATA_DIR: 'memory://', LOG_LEVEL: 'silent' }
  const settings = readStoreSettings(env)
  return startStore({ settings, log: createLog('test', settings.process), progress: (_what, work) => work() })
}
