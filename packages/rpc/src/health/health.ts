import { EventEmitter, once } from 'node:events'

/** The readiness of a server's services. The empty name is the server as a whole. */
export interface Health {
  /** Sets whether a service is ready. */
  set(service: string, serving: boolean): void
  /** Sets whether a readiness check passes. While one fails, no service is ready. */
  setCheck(name: string, passes: boolean): void
  /** Whether a service is ready; undefined for a service that the server does not have. */
  isServing(service: string): boolean | undefined
  /** The readiness of a service as it is now, then each change, until the signal aborts or the server drains. */
  watch(service: string, signal: AbortSignal): AsyncIterable<boolean | undefined>
  /** Makes every service not ready for good, and ends every watch. */
  drain(): void
}

/** The service name for liveness: it is serving as long as the server responds at all, also while it is not ready. */
export const liveness = 'live'

/** Keeps the readiness of the named services. They start ready, but for the readiness checks, which start failing. */
export function createHealth(services: readonly string[], readinessChecks: readonly string[] = []): Health {
  const ready = new Map(['', ...services].map((service) => [service, true]))
  const failing = new Set(readinessChecks)
  const changes = new EventEmitter().setMaxListeners(0)
  const draining = new AbortController()
  const isServing = (service: string) => (service === liveness ? true : ready.get(service) && failing.size === 0)

  return {
    set(service, serving) {
      if (draining.signal.aborted || ready.get(service) === serving) return
      ready.set(service, serving)
      changes.emit(service)
    },
    setCheck(name, passes) {
      if (passes) failing.delete(name)
      else failing.add(name)
      for (const service of ready.keys()) changes.emit(service)
    },
    isServing,
    async *watch(service, signal) {
      const ended = AbortSignal.any([signal, draining.signal])
      let last: boolean | undefined | 'none' = 'none'
      for (;;) {
        // Listens before it reads, so that no change is missed.
        const changed = once(changes, service, { signal: ended }).catch(() => {})
        const now = isServing(service)
        if (now !== last) yield now
        if (ended.aborted) return
        last = now
        await changed
      }
    },
    drain() {
      for (const service of ready.keys()) ready.set(service, false)
      draining.abort()
    },
  }
}
