import { performance } from 'node:perf_hooks'
import { type Attributes, createNoopMeter, metrics } from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const scope = '@books/marketplace'
// The boundaries of OpenTelemetry's conventions, in seconds, and 0.3, the objective for pages.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * Measures the duration of requests, until the response is sent or the client disconnects, and the number of active ones, by
 * OpenTelemetry's conventions for HTTP. Where no meter provider is registered yet, it measures nothing.
 */
export function measureRequests(app: FastifyInstance): void {
  const meter = metrics.getMeter(scope)
  if (meter === createNoopMeter()) return

  const duration = meter.createHistogram('http.server.request.duration', {
    description: 'Duration of requests',
    unit: 's',
    advice: { explicitBucketBoundaries: boundaries },
  })
  const active = new Map<string, { attributes: Attributes; count: number }>()
  meter
    .createObservableUpDownCounter('http.server.active_requests', {
      description: 'Number of active requests',
      unit: '{request}',
    })
    .addCallback((result) => {
      for (const { attributes, count } of active.values()) result.observe(count, attributes)
    })

  app.addHook('onRequest', (request, reply, done) => {
    const startMs = performance.now()
    const attributes = { 'http.request.method': request.method, 'url.scheme': request.protocol }
    const key = Object.values(attributes).join(' ')
    const group = active.get(key) ?? { attributes, count: 0 }
    active.set(key, group)
    group.count++

    reply.raw.once('close', () => {
      group.count--
      duration.record((performance.now() - startMs) / 1000, { ...attributes, ...outcomeOf(request, reply) })
    })
    done()
  })
}

/** Creates the counter of requests that load shedding rejects. It is reported as 0 until then. */
export function createRejectionCounter(): () => void {
  let rejected = 0
  metrics
    .getMeter(scope)
    .createObservableCounter('books.visitors.turned_away', {
      description: 'Number of requests rejected because of overload',
      unit: '{visitor}',
    })
    .addCallback((result) => result.observe(rejected))
  return () => rejected++
}

function outcomeOf({ routeOptions: { url } }: FastifyRequest, { raw, statusCode }: FastifyReply): Attributes {
  return {
    // An unknown URL has no route: their number is not limited.
    ...(url !== undefined && { 'http.route': url }),
    // Without headers the client disconnected before the response.
    ...(raw.headersSent && { 'http.response.status_code': statusCode }),
    ...(statusCode >= 500 && { 'error.type': String(statusCode) }),
  }
}
