import { EventEmitter, on } from 'node:events'

/** Which services are ready to answer. The empty name stands for the server as a whole. */
export interface Health {
  /** Says whether a service is ready. */
  set(service: string, serving: boolean): void
  /** Whether a service is ready; undefined for one that the server does not have. */
  isServing(service: string): boolean | undefined
  /** The readiness of a service as it is now, then each change, until the signal aborts or the server drains. */
  watch(service: string, signal: AbortSignal): AsyncIterable<boolean | undefined>
  /** Nothing is ready any more, nothing will be, and nobody watches. */
  drain(): void
}

/** Keeps the readiness of the named services; all start ready. */
export function createHealth(services: readonly string[]): Health {
  const ready = new Map(['', ...services].map((service) => [service, true]))
  const changes = new EventEmitter().setMaxListeners(0)
  const draining = new AbortController()

  return {
    set(service, serving) {
      if (draining.signal.aborted || ready.get(service) === serving) return
      ready.set(service, serving)
      changes.emit(service)
    },
    isServing: (service) => ready.get(service),
    async *watch(service, signal) {
      const ended = AbortSignal.any([signal, draining.signal])
      let last = ready.get(service)
      yield last
      try {
        for await (const _ of on(changes, service, { signal: ended })) {
          const now = ready.get(service)
          if (now !== last) yield now
          last = now
        }
      } catch (error) {
        if (!ended.aborted) throw error
      }
      if (draining.signal.aborted && last !== false) yield false
    },
    drain() {
      for (const service of ready.keys()) ready.set(service, false)
      draining.abort()
    },
  }
}
