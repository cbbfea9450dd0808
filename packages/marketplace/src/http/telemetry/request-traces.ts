import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  context,
  ProxyTracer,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { type Middleware, whenClosed } from '../middleware.ts'
import { routeOf } from '../request-facts.ts'
import { schemeOf, type TrustedProxies } from '../security/trusted-proxies.ts'

/**
 * Adds a span for every request, by OpenTelemetry's conventions for HTTP, to the trace of its `traceparent`, or to a new one. Calls
 * made for the request are part of it; query and form are not recorded. The response names the trace in `server-timing`,
 * which browsers show in their network tools.
 */
export function traceRequests(trusted: TrustedProxies | undefined): Middleware {
  return (next) => (request, response) => {
    const tracer = trace.getTracer('@books/marketplace')
    // The API returns this type while no SDK is registered.
    if (tracer instanceof ProxyTracer) return next(request, response)

    const { method = '', url = '', headers } = request
    const attributes = {
      'http.request.method': method,
      'url.scheme': schemeOf(request, trusted),
      'url.path': url.split('?', 1)[0],
    }
    const parent = propagation.extract(ROOT_CONTEXT, headers)
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent)
    response.setHeader('server-timing', `traceparent;desc="${traceparentOf(span)}"`)

    context.with(trace.setSpan(parent, span), next, undefined, request, response)
    whenClosed(response, () => end(span, request, response))
  }
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

function end(span: Span, request: IncomingMessage, { headersSent, statusCode }: ServerResponse): void {
  const route = routeOf(request)
  if (route !== undefined) span.updateName(`${request.method} ${route}`).setAttribute('http.route', route)
  // Without headers the client disconnected before the response.
  if (headersSent) span.setAttribute('http.response.status_code', statusCode)
  if (statusCode >= 500) {
    span.setAttribute('error.type', String(statusCode))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}
