import { EventEmitter, once } from 'node:events'
import { resourceExhausted, retryAfter } from '@books/rpc'

/** Something that a pool starts when it is first needed, and replaces once it is no longer usable. */
export interface Resource {
  isUsable(): boolean
  stop(): Promise<unknown>
}

interface Slot<R> {
  resource?: Promise<R>
}

/** Resources for `size` calls at the same time. `maxWaiting` more calls may wait in line. */
export function createResourcePool<R extends Resource>(start: () => Promise<R>, size: number, maxWaiting: number) {
  const slots: Slot<R>[] = Array.from({ length: size }, () => ({}))
  const free = [...slots]
  const waiting = new Set<EventEmitter>()

  async function waitForSlot(signal: AbortSignal): Promise<Slot<R>> {
    if (waiting.size >= maxWaiting) throw resourceExhausted('Too many calls run or wait', retryAfter(1_000))
    const call = new EventEmitter()
    waiting.add(call)
    const [slot] = await once(call, 'free', { signal }).finally(() => waiting.delete(call))
    return slot
  }

  function release(slot: Slot<R>): void {
    for (const call of waiting) {
      waiting.delete(call)
      // Returns false if the call no longer listens, because its signal has just aborted.
      if (call.emit('free', slot)) return
    }
    free.push(slot)
  }

  async function usableOf(resource: R): Promise<R> {
    return resource.isUsable() ? resource : start()
  }

  return {
    /** Calls `work` with the next free resource. Rejects if too many calls wait, or if the signal aborts first. */
    async run<Result>(work: (resource: R) => Promise<Result>, signal: AbortSignal): Promise<Result> {
      signal.throwIfAborted()
      const slot = free.pop() ?? (await waitForSlot(signal))
      try {
        slot.resource = slot.resource ? slot.resource.then(usableOf, start) : start()
        return await work(await slot.resource)
      } finally {
        release(slot)
      }
    },
    /** Stops every resource. The signals of all calls must have aborted by then. */
    async stop(): Promise<void> {
      await Promise.allSettled(slots.map(async ({ resource }) => (await resource)?.stop()))
    },
  }
}

/** A limited number of resources, each of which serves one call at a time. */
export type ResourcePool<R extends Resource> = ReturnType<typeof createResourcePool<R>>
