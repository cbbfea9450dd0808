import { performance } from 'node:perf_hooks'
import { type Attributes, createNoopMeter, metrics } from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const scope = '@books/marketplace'
// The boundaries that OpenTelemetry's conventions give, in seconds, and 0.3: what the shop promises of a page.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * Measures how long requests take, until the answer is sent or the visitor gone, and how many are under way, by
 * OpenTelemetry's conventions for HTTP. Where no meter provider is registered yet, nothing is measured.
 */
export function measureRequests(app: FastifyInstance): void {
  const meter = metrics.getMeter(scope)
  if (meter === createNoopMeter()) return

  const duration = meter.createHistogram('http.server.request.duration', {
    description: 'How long requests took',
    unit: 's',
    advice: { explicitBucketBoundaries: boundaries },
  })
  const active = new Map<string, { attributes: Attributes; count: number }>()
  meter
    .createObservableUpDownCounter('http.server.active_requests', {
      description: 'How many requests are under way',
      unit: '{request}',
    })
    .addCallback((result) => {
      for (const { attributes, count } of active.values()) result.observe(count, attributes)
    })

  app.addHook('onRequest', (request, reply, done) => {
    const startMs = performance.now()
    const attributes = { 'http.request.method': request.method, 'url.scheme': request.protocol }
    const key = Object.values(attributes).join(' ')
    const alike = active.get(key) ?? { attributes, count: 0 }
    active.set(key, alike)
    alike.count++

    reply.raw.once('close', () => {
      alike.count--
      duration.record((performance.now() - startMs) / 1000, { ...attributes, ...outcomeOf(request, reply) })
    })
    done()
  })
}

/** Gives what counts a visitor who is turned away, whom no route gets to see. The count is there from now on, at nothing. */
export function countTurnedAway(): () => void {
  let turnedAway = 0
  metrics
    .getMeter(scope)
    .createObservableCounter('books.visitors.turned_away', {
      description: 'How many visitors were turned away as the shop was full',
      unit: '{visitor}',
    })
    .addCallback((result) => result.observe(turnedAway))
  return () => turnedAway++
}

function outcomeOf({ routeOptions: { url } }: FastifyRequest, { raw, statusCode }: FastifyReply): Attributes {
  return {
    // A URL that leads nowhere has no route: those are without number.
    ...(url !== undefined && { 'http.route': url }),
    // Without headers nobody waited for the answer.
    ...(raw.headersSent && { 'http.response.status_code': statusCode }),
    ...(statusCode >= 500 && { 'error.type': String(statusCode) }),
  }
}
