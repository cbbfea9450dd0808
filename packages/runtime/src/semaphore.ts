/** Limits how many do something at the same time. */
export interface Semaphore {
  /** Resolves once one of the places is free, in the order of the calls. Rejects with the reason of the signal when that aborts. */
  acquire(signal?: AbortSignal): Promise<void>
  /** Frees a place. */
  release(): void
  readonly free: number
  /** How many wait for a place. */
  readonly waiting: number
}

/** Creates a semaphore with this many places. */
export function createSemaphore(places: number): Semaphore {
  const waiting = new Set<() => void>()
  let free = places

  return {
    async acquire(signal) {
      signal?.throwIfAborted()
      if (free > 0) {
        free--
        return
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const leave = () => {
        if (waiting.delete(resolve)) reject(signal?.reason)
      }
      waiting.add(resolve)
      signal?.addEventListener('abort', leave)
      try {
        await promise
      } finally {
        signal?.removeEventListener('abort', leave)
      }
    },
    release() {
      const [next] = waiting
      if (!next) {
        free++
        return
      }
      waiting.delete(next)
      next()
    },
    get free() {
      return free
    },
    get waiting() {
      return waiting.size
    },
  }
}
