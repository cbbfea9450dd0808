import { createLog } from '../src/log.ts'

/** A log without output. */
export const silentLog = createLog('test', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })
