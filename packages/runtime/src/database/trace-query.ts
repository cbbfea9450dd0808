import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { LogEvent } from 'kysely'

// A statement with thousands of placeholders is truncated.
const maxTextLength = 2_000

/**
 * Adds a span for a query that has ended to the active trace, by OpenTelemetry's conventions for PostgreSQL. Its text has
 * placeholders instead of values. A query outside of a trace starts none. Kysely calls this after each query.
 */
export function traceQuery(event: LogEvent): void {
  if (!trace.getActiveSpan()?.isRecording()) return

  const attributes = attributesOf(event)
  const endMs = Date.now()
  const span = trace.getTracer('@books/runtime').startSpan(String(attributes['db.query.summary']), {
    kind: SpanKind.CLIENT,
    startTime: endMs - event.queryDurationMillis,
    attributes,
  })
  if (event.level === 'error') span.setStatus({ code: SpanStatusCode.ERROR }).setAttributes(failureOf(event.error))
  span.end(endMs)
}

function attributesOf({ query: { query, sql } }: LogEvent): Attributes {
  const [, firstWord = ''] = /^\W*(\w+)/.exec(sql) ?? []
  const operation = (/^(\w+)QueryNode$/.exec(query.kind)?.[1] ?? firstWord).toUpperCase()
  const [, table] = /\b(?:from|into|update)\s+("[^"]+"(?:\."[^"]+")?)/.exec(sql) ?? []
  return {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.summary': table ? `${operation} ${table.replaceAll('"', '')}` : operation,
    'db.query.text': sql.slice(0, maxTextLength),
  }
}

// The message of an error may contain values; its SQLSTATE or system code does not.
function failureOf(error: unknown): Attributes {
  const { code, name = '_OTHER' } = error as { code?: unknown; name?: string }
  if (typeof code !== 'string') return { 'error.type': name }
  return { 'error.type': code, ...(/^[0-9A-Z]{5}$/.test(code) && { 'db.response.status_code': code }) }
}
