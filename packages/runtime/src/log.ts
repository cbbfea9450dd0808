import { trace } from '@opentelemetry/api'
import { type Logger, pino, stdSerializers } from 'pino'
import pretty from 'pino-pretty'
import { Type } from 'typebox'

export type { Logger as Log }

/** The variables of the log. */
export const logSettings = {
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  /** `auto` is `pretty` on a terminal, else `json`. */
  LOG_FORMAT: Type.Enum(['auto', 'json', 'pretty'], { default: 'auto' }),
}

/** Creates the log of a process, a line for each event on stdout. Lines within a trace have its `traceId` and `spanId`. */
export function createLog(name: string, settings: { LOG_LEVEL: string; LOG_FORMAT: string }): Logger {
  const isPretty = settings.LOG_FORMAT === 'pretty' || (settings.LOG_FORMAT === 'auto' && process.stdout.isTTY)
  const options = { name, level: settings.LOG_LEVEL, mixin: activeSpan, serializers: { err: describeError } }
  return isPretty
    ? pino(options, pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
    : pino(options)
}

// Objects are left out: an error of a library may have what it failed with, such as the values of a query.
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const fields = Object.entries(stdSerializers.err(error))
  return Object.fromEntries(fields.filter(([, value]) => typeof value !== 'object'))
}

function activeSpan(): { traceId?: string; spanId?: string } {
  const span = trace.getActiveSpan()?.spanContext()
  return span ? { traceId: span.traceId, spanId: span.spanId } : {}
}
