import { EventEmitter, once } from 'node:events'

/** Which services are ready to answer. The empty name stands for the server as a whole. */
export interface Health {
  /** Says whether a service is ready. */
  set(service: string, serving: boolean): void
  /** Says whether something that the whole server needs is there. While anything is missing nothing is ready. */
  setNeed(need: string, isMet: boolean): void
  /** Whether a service is ready; undefined for one that the server does not have. */
  isServing(service: string): boolean | undefined
  /** The readiness of a service as it is now, then each change, until the signal aborts or the server drains. */
  watch(service: string, signal: AbortSignal): AsyncIterable<boolean | undefined>
  /** Nothing is ready any more, nothing will be, and nobody watches. */
  drain(): void
}

/** The name under which health says that the server answers at all, whatever it needs and even while it stops. */
export const liveness = 'live'

/** Keeps the readiness of the named services; all start ready, but for what the server needs: that starts missing. */
export function createHealth(services: readonly string[], readinessChecks: readonly string[] = []): Health {
  const ready = new Map(['', ...services].map((service) => [service, true]))
  const missing = new Set(readinessChecks)
  const changes = new EventEmitter().setMaxListeners(0)
  const draining = new AbortController()
  const readiness = (service: string) => (service === liveness ? true : ready.get(service) && missing.size === 0)

  return {
    set(service, serving) {
      if (draining.signal.aborted || ready.get(service) === serving) return
      ready.set(service, serving)
      changes.emit(service)
    },
    setNeed(need, isMet) {
      if (isMet) missing.delete(need)
      else missing.add(need)
      for (const service of ready.keys()) changes.emit(service)
    },
    isServing: readiness,
    async *watch(service, signal) {
      const ended = AbortSignal.any([signal, draining.signal])
      let told: boolean | undefined | 'nothing' = 'nothing'
      for (;;) {
        // Listens before it looks, so that no change falls in between.
        const changed = once(changes, service, { signal: ended }).catch(() => {})
        const now = readiness(service)
        if (now !== told) yield now
        if (ended.aborted) return
        told = now
        await changed
      }
    },
    drain() {
      for (const service of ready.keys()) ready.set(service, false)
      draining.abort()
    },
  }
}
