import { type Limits, lookEveryMs } from '../call/limits.ts'
import type { Connections } from './connections.ts'

/** The call that an answer belongs to. */
export interface AnsweredCall {
  /** Whether its stream is over. */
  cancelled: boolean
  getPeer(): string
}

/** The answers that lie ready and are not taken yet. */
export interface UntakenAnswers {
  /** An answer lies ready from now on, or more of one than the connection takes. */
  add(call: AnsweredCall): void
  /** It was taken, or nobody wants it any more. */
  delete(call: AnsweredCall): void
  /** Closes the connections that leave answers lying. */
  look(): void
}

/**
 * Notices who leaves an answer lying for `untakenMs` and has taken next to nothing in the second half of that time.
 * A deadline does not help here: the status that ends a call has to wait behind its messages.
 */
export function createUntakenAnswers({ untakenMs }: Limits, connections: Connections): UntakenAnswers {
  const patience = untakenMs / lookEveryMs
  // In the order of their looks, so that only the oldest are looked at.
  const since = new Map<AnsweredCall, number>()
  let looks = 0

  return {
    add(call) {
      if (!call.cancelled && !since.has(call)) since.set(call, looks)
    },
    delete: (call) => since.delete(call),
    look() {
      looks++
      for (const [call, addedAt] of since) {
        if (looks - addedAt < patience) return
        const peer = call.getPeer()
        const stuckLooks = connections.stuckLooksOf(peer)
        if (stuckLooks === undefined) since.delete(call)
        else if (stuckLooks >= patience / 2) connections.destroy(peer)
      }
    },
  }
}
