import { AsyncLocalStorage } from 'node:async_hooks'

/** How long what is made from answers of backends is as good as they are. Times are by `performance.now`. */
export interface Lifetime {
  /** Until then each of the answers is used without a call. */
  freshUntilMs: number
  /** Until then each of them is used while a new one is fetched. */
  staleUntilMs: number
  /** For each backend that did not answer: whether it still rests, so that a new page would lack the same. */
  rests: Set<() => boolean>
}

const collected = new AsyncLocalStorage<Lifetime>()

/** Runs a function, and limits the lifetime by every answer that is used in it and in what it starts. */
export function collectLifetime(lifetime: Lifetime, run: () => void): void {
  collected.run(lifetime, run)
}

/** The lifetime of what needs no answer. */
export function unlimited(): Lifetime {
  return { freshUntilMs: Number.POSITIVE_INFINITY, staleUntilMs: Number.POSITIVE_INFINITY, rests: new Set() }
}

/** Limits the lifetime of what is made from an answer with these times. */
export function limitByAnswer({ freshUntilMs, staleUntilMs }: Omit<Lifetime, 'rests'>): void {
  const lifetime = collected.getStore()
  if (!lifetime) return
  lifetime.freshUntilMs = Math.min(lifetime.freshUntilMs, freshUntilMs)
  lifetime.staleUntilMs = Math.min(lifetime.staleUntilMs, staleUntilMs)
}

/** Limits the lifetime of what is made without the answer of a backend: to its rest. */
export function limitByRest(isResting: () => boolean): void {
  collected.getStore()?.rests.add(isResting)
}

/** Whether nothing newer can be made. */
export function isFresh(lifetime: Lifetime): boolean {
  return performance.now() < lifetime.freshUntilMs && areResting(lifetime)
}

/** Whether it may be shown while a new one is made, by a request that may try a backend again. */
export function isUsable({ freshUntilMs, staleUntilMs }: Lifetime): boolean {
  return performance.now() < Math.max(freshUntilMs, staleUntilMs)
}

/** Whether every backend that did not answer still rests. */
export function areResting({ rests }: Lifetime): boolean {
  for (const isResting of rests) if (!isResting()) return false
  return true
}
