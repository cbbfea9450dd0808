import { createRequire } from 'node:module'
import { trace } from '@opentelemetry/api'
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'
import type PinoPretty from 'pino-pretty'
import { Type } from 'typebox'

export type { Logger as Log }

/** The variables of the log. */
export const logSettings = {
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
  /** `auto` is `pretty` on a terminal, else `json`. */
  LOG_FORMAT: Type.Enum(['auto', 'json', 'pretty'], { default: 'auto' }),
}

const longestWrite = 64 * 1024

/** Creates the log of a process, a line for each event on stdout. Lines within a trace have its `traceId` and `spanId`. */
export function createLog(name: string, settings: { LOG_LEVEL: string; LOG_FORMAT: string }): Logger {
  const isPretty = settings.LOG_FORMAT === 'pretty' || (settings.LOG_FORMAT === 'auto' && process.stdout.isTTY)
  const options = { name, level: settings.LOG_LEVEL, mixin: activeSpan, serializers: { err: describeError } }
  return isPretty
    ? pino(options, requirePretty()({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
    : pino(options, (stdout ??= openStdout()))
}

// Loaded only where it is used.
function requirePretty(): typeof PinoPretty {
  return createRequire(import.meta.url)('pino-pretty')
}

// One for all logs of a process, so that their lines stay in order.
let stdout: DestinationStream | undefined

/**
 * Standard output, to which the lines of a turn of the event loop are written at once: a write takes longer than all the rest of a line. A
 * process that exits or fails has written them; one that is killed loses those of its last turn.
 */
function openStdout(): DestinationStream {
  const output = pino.destination({ sync: true })
  let lines = ''
  const flush = () => {
    const text = lines
    lines = ''
    if (text) output.write(text)
  }
  process.on('exit', flush)
  return {
    write(line) {
      if (lines === '') setImmediate(flush)
      lines += line
      if (lines.length > longestWrite) flush()
    },
  }
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
