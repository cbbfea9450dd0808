import { RpcError, type ServerInterceptor, Status } from '@books/rpc'
import { DatabaseError, type Log } from '@books/runtime'

const logEveryMs = 10_000

/**
 * Fails with UNAVAILABLE the calls for which the database cannot be reached, or went away, so that callers try again. Logs one of them
 * every ten seconds.
 */
export function reportUnavailableDatabase(log: Log): ServerInterceptor {
  let loggedAtMs = -Infinity
  return async (call, next) => {
    try {
      await next()
    } catch (cause) {
      if (!(cause instanceof DatabaseError && cause.isUnavailable)) throw cause
      if (performance.now() - loggedAtMs > logEveryMs) {
        loggedAtMs = performance.now()
        log.error({ err: cause, method: call.path }, 'calls fail: the database is unavailable')
      }
      throw new RpcError(Status.UNAVAILABLE, 'The database is unavailable', { cause })
    }
  }
}
