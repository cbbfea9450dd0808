import type { ServerResponse } from 'node:http'
import { type Attributes, createNoopMeter, metrics } from '@opentelemetry/api'
import { type Middleware, whenClosed } from '../middleware.ts'
import { routeOf } from '../request-facts.ts'
import { schemeOf, type TrustedProxies } from '../security/trusted-proxies.ts'

const scope = '@books/marketplace'
// The boundaries of OpenTelemetry's conventions, in seconds, and 0.3, the objective for pages.
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/**
 * Measures the duration of requests, until the response is sent or the client disconnects, and the number of active ones, by
 * OpenTelemetry's conventions for HTTP. Where no meter provider is registered yet, it measures nothing.
 */
export function measureRequests(trusted: TrustedProxies | undefined): Middleware {
  const meter = metrics.getMeter(scope)
  if (meter === createNoopMeter()) return (next) => next

  const duration = meter.createHistogram('http.server.request.duration', {
    description: 'Duration of requests',
    unit: 's',
    advice: { explicitBucketBoundaries: boundaries },
  })
  const active = new Map<string, ActiveRequests>()
  meter
    .createObservableUpDownCounter('http.server.active_requests', {
      description: 'Number of active requests',
      unit: '{request}',
    })
    .addCallback((result) => {
      for (const { attributes, count } of active.values()) result.observe(count, attributes)
    })

  return (next) => (request, response) => {
    const startMs = performance.now()
    const { method } = request
    const scheme = schemeOf(request, trusted)
    const key = `${method} ${scheme}`
    const group = active.get(key) ?? {
      attributes: { 'http.request.method': method, 'url.scheme': scheme },
      count: 0,
      outcomes: new Map(),
    }
    active.set(key, group)
    group.count++

    next(request, response)
    whenClosed(response, () => {
      group.count--
      duration.record((performance.now() - startMs) / 1000, outcomeOf(group, routeOf(request), response))
    })
  }
}

/** Those with one method and scheme. */
interface ActiveRequests {
  attributes: Attributes
  count: number
  /** The attributes of those that ended, by status and route. */
  outcomes: Map<string, Attributes>
}

/** One frozen object for each outcome, which costs less to measure. */
function outcomeOf(
  { attributes, outcomes }: ActiveRequests,
  route: string | undefined,
  { headersSent, statusCode }: ServerResponse,
): Attributes {
  const key = `${headersSent} ${statusCode} ${route}`
  const known = outcomes.get(key)
  if (known) return known

  const outcome: Attributes = Object.freeze({
    ...attributes,
    // An unknown URL has no route: their number is not limited.
    ...(route !== undefined && { 'http.route': route }),
    // Without headers the client disconnected before the response.
    ...(headersSent && { 'http.response.status_code': statusCode }),
    ...(statusCode >= 500 && { 'error.type': String(statusCode) }),
  })
  outcomes.set(key, outcome)
  return outcome
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
