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
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * Adds a span for every request, by OpenTelemetry's conventions for HTTP, to the trace of its `traceparent`, or to a new one. Calls
 * made for the request are part of it; query and form are not recorded. The response names the trace in `server-timing`,
 * which browsers show in their network tools.
 */
export function traceRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const tracer = trace.getTracer('@books/marketplace')
    // The API returns this type while no SDK is registered.
    if (tracer instanceof ProxyTracer) return done()

    const parent = propagation.extract(ROOT_CONTEXT, request.headers)
    const span = tracer.startSpan(nameOf(request), { kind: SpanKind.SERVER, attributes: attributesOf(request) }, parent)
    reply.raw.once('close', () => end(span, reply))
    reply.header('server-timing', `traceparent;desc="${traceparentOf(span)}"`)

    context.with(trace.setSpan(parent, span), done)
  })
}

function nameOf({ method, routeOptions: { url } }: FastifyRequest): string {
  return url ? `${method} ${url}` : method
}

function attributesOf({ method, protocol, url, routeOptions }: FastifyRequest) {
  return {
    'http.request.method': method,
    'url.scheme': protocol,
    'url.path': url.split('?')[0],
    'http.route': routeOptions.url,
  }
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

function end(span: Span, { raw, statusCode }: FastifyReply): void {
  // Without headers the client disconnected before the response.
  if (raw.headersSent) span.setAttribute('http.response.status_code', statusCode)
  if (statusCode >= 500) {
    span.setAttribute('error.type', String(statusCode))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}
