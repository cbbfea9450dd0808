import { trace } from '@opentelemetry/api'
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import { Type } from 'typebox'

export type { Logger as Log }

/** The variables that say what a process logs, and how. */
export const logSettings = {
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  /** `json` for machines, `pretty` for people; `auto` is pretty on a terminal. */
  LOG_FORMAT: Type.Enum(['auto', 'json', 'pretty'], { default: 'auto' }),
}

/** A log of one process, a line for each event on stdout. Lines that are part of a trace say of which. */
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
