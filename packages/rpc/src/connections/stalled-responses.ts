import { Registry } from '../call/registry.ts'
import type { Connections } from './connections.ts'
import type { Limits } from './limits.ts'

/** The call that a response belongs to. */
export interface RespondedCall {
  /** Whether its stream is closed. */
  cancelled: boolean
  getPeer(): string
}

/** The responses that wait to be sent because their callers do not read. */
export interface StalledResponses {
  /** A response waits from now on, or more of a stream than the connection accepts. */
  add(call: RespondedCall): void
  /** It was sent, or its call ended. */
  delete(call: RespondedCall): void
  /** Closes the connections whose responses have stalled for too long. */
  check(): void
}

/**
 * Finds responses that wait for `stalledMs` on a connection that accepted next to no bytes in the second half of that time.
 * Deadlines do not find them: the status that ends a call waits behind its messages.
 */
export function createStalledResponses(
  { stalledMs, checkEveryMs }: Limits,
  connections: Connections,
): StalledResponses {
  const maxChecks = stalledMs / checkEveryMs
  // Each with the number of the check since which it waits.
  const waiting = new Registry<RespondedCall, number>()
  let checks = 0

  return {
    add(call) {
      if (!call.cancelled) waiting.add(call, checks)
    },
    delete: (call) => waiting.delete(call),
    check() {
      checks++
      for (const { member: call, value: since } of waiting.entries()) {
        if (checks - since < maxChecks) continue
        const peer = call.getPeer()
        const stalledChecks = connections.stalledChecksOf(peer)
        if (stalledChecks === undefined) waiting.delete(call)
        else if (stalledChecks >= maxChecks / 2) connections.destroy(peer)
      }
    },
  }
}
