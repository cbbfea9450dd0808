import { resourceExhausted, retryAfter, unavailable } from '@books/rpc'

/** Things that each serve one taker at a time: first come, first served. */
export interface Lending<Thing> {
  /**
   * Resolves to the next thing that is free. Fails with RESOURCE_EXHAUSTED where nobody else may wait, and with the
   * signal's reason once that aborts.
   */
  take(signal: AbortSignal): Promise<Thing>
  /** Brings one back, or a new one. */
  give(thing: Thing): void
  /** One that is gone is not lent again. */
  remove(thing: Thing): void
  /** Sends away everybody who waits, and who comes. */
  close(): void
}

/** Lends things to takers, of whom at most so many may wait. */
export function createLending<Thing>(mostWaiting: number): Lending<Thing> {
  const free = new Set<Thing>()
  const waiting = new Set<PromiseWithResolvers<Thing>>()
  let isClosed = false

  return {
    async take(signal) {
      signal.throwIfAborted()
      if (isClosed) throw unavailable('No more snippets are run here')
      for (const thing of free) {
        free.delete(thing)
        return thing
      }
      if (waiting.size >= mostWaiting) throw resourceExhausted('Too many snippets run or wait', retryAfter(1_000))

      const taker = Promise.withResolvers<Thing>()
      const leave = () => {
        waiting.delete(taker)
        taker.reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.add(taker)
      return taker.promise.finally(() => signal.removeEventListener('abort', leave))
    },
    give(thing) {
      const [next] = waiting
      if (next) {
        waiting.delete(next)
        next.resolve(thing)
      } else free.add(thing)
    },
    remove: (thing) => void free.delete(thing),
    close() {
      isClosed = true
      for (const taker of waiting) taker.reject(unavailable('No more snippets are run here'))
    },
  }
}
