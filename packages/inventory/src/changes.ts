import { setTimeout as delay } from 'node:timers/promises'
import { unavailable } from '@books/rpc'
import type { Log } from '@books/runtime'

/** Tells whoever waits that books have changed, whichever process changed them. */
export interface Changes {
  /** Resolves once there is a newer revision. Rejects when the signal aborts, with its reason, and when nobody is told any more. */
  newerThan(revision: number, signal: AbortSignal): Promise<void>
  /** Throws once nobody is told any more. */
  requireRunning(): void
  /** Ends all waiting, and with it whatever waits. */
  stop(): void
}

interface Waiting {
  revision: number
  resolve(): void
  reject(error: unknown): void
}

/** Follows the newest revision: asks for it once a period for everybody together, and not at all while nobody waits. */
export function followChanges(newestRevision: () => Promise<number>, everyMs: number, log: Log): Changes {
  const waiting = new Set<Waiting>()
  const stopping = new AbortController()
  let isLooking = false
  let isAway = false

  async function keepLooking(): Promise<void> {
    if (isLooking) return
    isLooking = true
    while (waiting.size > 0) {
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (waiting.size > 0) await look()
    }
    isLooking = false
  }

  async function look(): Promise<void> {
    try {
      const newest = await newestRevision()
      for (const one of waiting) if (one.revision < newest) one.resolve()
      isAway = false
    } catch (err) {
      if (!isAway) log.warn({ err }, 'could not look for changed books; trying again')
      isAway = true
    }
  }

  return {
    async newerThan(revision, signal) {
      const ended = AbortSignal.any([signal, stopping.signal])
      ended.throwIfAborted()
      const changed = Promise.withResolvers<void>()
      const one = { revision, ...changed }
      const leave = () => one.reject(ended.reason)
      waiting.add(one)
      ended.addEventListener('abort', leave)
      void keepLooking()

      try {
        await changed.promise
      } finally {
        waiting.delete(one)
        ended.removeEventListener('abort', leave)
      }
    },
    requireRunning: () => stopping.signal.throwIfAborted(),
    stop: () => stopping.abort(unavailable('The server is shutting down')),
  }
}
