import type { Log } from '@books/runtime'
import { silentLog } from '@books/runtime/testing'

/** A log that a test can read. */
export interface KeptLog {
  log: Log
  /** The fields of every line with this message. */
  linesOf(message: string): object[]
  /** Resolves once there are that many lines with this message. */
  said(message: string, times?: number): Promise<void>
}

/** Creates a log that keeps every line from `debug` up. */
export function keepLog(): KeptLog {
  const lines: { fields: object; message: string }[] = []
  const waiting = new Set<() => void>()
  const log = silentLog.child({}, { level: 'debug' })
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    log[level] = (fields: object, message?: string) => {
      lines.push({ fields, message: message ?? '' })
      for (const look of waiting) look()
    }
  }

  const linesOf = (message: string) => lines.filter((line) => line.message === message).map(({ fields }) => fields)
  return {
    log,
    linesOf,
    said: (message, times = 1) =>
      new Promise((resolve) => {
        const look = () => {
          if (linesOf(message).length < times) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
