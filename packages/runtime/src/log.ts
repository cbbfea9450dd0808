import { trace } from '@opentelemetry/api'
import { type Logger, pino } from 'pino'
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
  const options = { name, level: settings.LOG_LEVEL, mixin: activeSpan }
  return isPretty
    ? pino(options, pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
    : pino(options)
}

function activeSpan(): { traceId?: string; spanId?: string } {
  const span = trace.getActiveSpan()?.spanContext()
  return span ? { traceId: span.traceId, spanId: span.spanId } : {}
}
