import { retryAfter } from '../call/error-details.ts'
import type { ServerInterceptor } from '../call/handler-pipeline.ts'
import { resourceExhausted } from '../call/rpc-error.ts'

// Long enough for the calls in flight to end, short enough for whoever waits.
const comeBackMs = 1_000

/** Refuses calls at once while so many others are being answered, and asks their callers to come back. */
export function shedCalls(callsInFlight: number): ServerInterceptor {
  let inFlight = 0

  return async (_call, next) => {
    if (inFlight >= callsInFlight) throw resourceExhausted('Too many calls in flight', retryAfter(comeBackMs))
    inFlight++
    try {
      await next()
    } finally {
      inFlight--
    }
  }
}
