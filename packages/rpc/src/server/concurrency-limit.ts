import { retryAfter } from '../call/error-details.ts'
import { resourceExhausted } from '../call/rpc-error.ts'
import type { ServerInterceptor } from './handler-pipeline.ts'

const retryAfterMs = 1_000

/** Fails a call at once with RESOURCE_EXHAUSTED while this many others are being handled. */
export function limitConcurrency(callsInFlight: number): ServerInterceptor {
  let inFlight = 0

  return async (_call, next) => {
    if (inFlight >= callsInFlight) throw resourceExhausted('Too many calls in flight', retryAfter(retryAfterMs))
    inFlight++
    try {
      await next()
    } finally {
      inFlight--
    }
  }
}
