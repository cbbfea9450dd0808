import { createLog } from '../src/log.ts'

/** Says nothing. */
export const silentLog = createLog('test', { LOG_LEVEL: 'silent', LOG_FORMAT: 'json' })
