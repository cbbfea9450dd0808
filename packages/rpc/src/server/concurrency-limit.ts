import { retryAfter } from '../call/error-details.ts'
import { resourceExhausted } from '../call/rpc-error.ts'
import type { Limits } from '../connections/limits.ts'
import type { ServerInterceptor } from './handler-pipeline.ts'

const retryAfterMs = 1_000

/** Fails a call at once with RESOURCE_EXHAUSTED while too many others are being handled, of all callers or of its own address. */
export function limitConcurrency({ callsInFlight, callsPerPeer }: Limits): ServerInterceptor {
  let inFlight = 0
  const inFlightOf = new Map<string, number>()

  return async ({ peer }, next) => {
    const host = peer.address.slice(0, peer.address.lastIndexOf(':'))
    const ofHost = inFlightOf.get(host) ?? 0
    if (inFlight >= callsInFlight) throw resourceExhausted('Too many calls in flight', retryAfter(retryAfterMs))
    if (ofHost >= callsPerPeer) {
      throw resourceExhausted('Too many calls in flight from this address', retryAfter(retryAfterMs))
    }
    inFlight++
    inFlightOf.set(host, ofHost + 1)
    try {
      await next()
    } finally {
      inFlight--
      const left = (inFlightOf.get(host) ?? 0) - 1
      if (left > 0) inFlightOf.set(host, left)
      else inFlightOf.delete(host)
    }
  }
}
