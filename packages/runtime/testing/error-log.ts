import { pino } from 'pino'
import type { Log } from '../src/log.ts'

/** A log that keeps the lines of errors, those of its children too. */
export function createErrorLog(): { log: Log; errors: string[] } {
  const errors: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) })
  return { log, errors }
}
