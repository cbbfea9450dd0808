import { retryAfter } from '../call/error-details.ts'
import { resourceExhausted } from '../call/rpc-error.ts'
import type { ServerCall } from '../call/server-call.ts'
import type { Limits } from '../connections/limits.ts'

/** Counts a call, and returns the function that notes its end. Throws where there are too many others. */
export type ConcurrencyLimit = (call: ServerCall) => () => void

const retryAfterMs = 1_000

// No call of a service takes as long, unless it stays open.
const openEndedMs = 10 * 60_000

/** Fails a call at once with RESOURCE_EXHAUSTED while too many others are being handled, of all callers or of its own address. */
export function limitConcurrency({ callsInFlight, callsPerPeer, openEndedCalls }: Limits): ConcurrencyLimit {
  let inFlight = 0
  let openEnded = 0
  const inFlightOf = new Map<string, number>()

  return ({ peer, deadline }) => {
    const isOpenEnded = deadline - Date.now() > openEndedMs
    const host = peer.address.slice(0, peer.address.lastIndexOf(':'))
    const ofHost = inFlightOf.get(host) ?? 0
    if (inFlight >= callsInFlight) throw resourceExhausted('Too many calls in flight', retryAfter(retryAfterMs))
    if (ofHost >= callsPerPeer) {
      throw resourceExhausted('Too many calls in flight from this address', retryAfter(retryAfterMs))
    }
    if (isOpenEnded && openEnded >= openEndedCalls) {
      throw resourceExhausted('Too many calls that stay open', retryAfter(retryAfterMs))
    }
    if (isOpenEnded) openEnded++
    inFlight++
    inFlightOf.set(host, ofHost + 1)

    return () => {
      if (isOpenEnded) openEnded--
      inFlight--
      const left = (inFlightOf.get(host) ?? 0) - 1
      if (left > 0) inFlightOf.set(host, left)
      else inFlightOf.delete(host)
    }
  }
}

/** The same for the watches of health alone: its checks are never refused for load. */
export function limitHealthWatches(limits: Limits): ConcurrencyLimit {
  const limit = limitConcurrency({ ...limits, openEndedCalls: limits.callsInFlight })
  return (call) => (call.path.endsWith('/Watch') ? limit(call) : () => {})
}
