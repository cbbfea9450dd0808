import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { unavailable } from '@books/rpc'
import type { Log } from '@books/runtime'

/** Waits for changes of what a service tells its watchers, made by any process. */
export interface Changes {
  /** Resolves once there is a newer revision. Rejects with the signal's reason when it aborts, and with UNAVAILABLE after `stop`. */
  newerThan(revision: number, signal: AbortSignal): Promise<void>
  /** Throws UNAVAILABLE after `stop`. */
  requireRunning(): void
  /** Ends all waiting. */
  stop(): void
}

/** How changes are looked for. */
export interface FollowChangesOptions {
  log: Log
  everyMs?: number
  signal?: AbortSignal
}

interface Waiting {
  revision: number
  resolve(): void
  reject(error: unknown): void
}

/**
 * Polls the newest revision, once for all that wait, and not at all while none waits. `signal` ends all waiting, like `stop`: with that
 * of the service, no watcher keeps its call open for the grace period.
 */
export function followChanges(
  newestRevision: () => Promise<number>,
  { log, everyMs = 500, signal }: FollowChangesOptions,
): Changes {
  const waiting = new Set<Waiting>()
  const stopping = new AbortController()
  let isPolling = false
  let isUnavailable = false
  // The first call that waits starts the polling, which must not inherit its trace and deadline.
  const outsideOfCalls = AsyncLocalStorage.snapshot()

  async function keepPolling(): Promise<void> {
    if (isPolling) return
    isPolling = true
    while (waiting.size > 0) {
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (waiting.size > 0) await poll()
    }
    isPolling = false
  }

  async function poll(): Promise<void> {
    try {
      const newest = await newestRevision()
      for (const one of waiting) if (one.revision < newest) one.resolve()
      isUnavailable = false
    } catch (err) {
      if (!isUnavailable) log.warn({ err }, 'could not read the newest revision; trying again')
      isUnavailable = true
    }
  }

  const stop = () => stopping.abort(unavailable('The server is shutting down'))
  signal?.addEventListener('abort', stop)

  return {
    async newerThan(revision, ofCall) {
      const ended = AbortSignal.any([ofCall, stopping.signal])
      ended.throwIfAborted()
      const changed = Promise.withResolvers<void>()
      const one = { revision, ...changed }
      const leave = () => one.reject(ended.reason)
      waiting.add(one)
      ended.addEventListener('abort', leave)
      void outsideOfCalls(keepPolling)

      try {
        await changed.promise
      } finally {
        waiting.delete(one)
        ended.removeEventListener('abort', leave)
      }
    },
    requireRunning: () => stopping.signal.throwIfAborted(),
    stop,
  }
}
