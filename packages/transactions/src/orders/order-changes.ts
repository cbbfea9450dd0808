import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { unavailable } from '@books/rpc'
import type { Order } from './order.ts'
import type { OrderStore } from './order-store.ts'

/** Waits for changes of single orders, made by any process. */
export interface OrderChanges {
  /** Resolves once the order has another state, or can be paid. Rejects when the signal aborts, and with UNAVAILABLE after `stop`. */
  changed(order: Order, signal: AbortSignal): Promise<void>
  /** Resolves those who wait for this order at once: this process changed it. */
  tell(order: Order): void
  stop(): void
}

interface Waiting {
  seen: string
  resolve(): void
}

const everyMs = 500

/** Looks for changes of the orders that are waited for, all at once, and not at all while none is. */
export function createOrderChanges({ listStates }: Pick<OrderStore, 'listStates'>): OrderChanges {
  const waiting = new Map<string, Set<Waiting>>()
  const stopping = new AbortController()
  let isPolling = false
  // The first call that waits starts the polling, which must not inherit its trace and deadline.
  const outsideOfCalls = AsyncLocalStorage.snapshot()

  function resolve(id: string, now: string): void {
    for (const one of waiting.get(id) ?? []) if (one.seen !== now) one.resolve()
  }

  async function keepPolling(): Promise<void> {
    if (isPolling) return
    isPolling = true
    while (waiting.size > 0) {
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
      const ids = [...waiting.keys()]
      // What cannot be read is read the next time; those who wait see it by their own deadlines.
      const states = ids.length > 0 ? await listStates(ids).catch(() => []) : []
      for (const { id, state, canPay } of states) resolve(id, `${state} ${canPay}`)
    }
    isPolling = false
  }

  return {
    async changed(order, signal) {
      const ended = AbortSignal.any([signal, stopping.signal])
      ended.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const one = { seen: seenOf(order), resolve }
      const all = waiting.get(order.id) ?? new Set()
      waiting.set(order.id, all.add(one))
      const leave = () => reject(ended.reason)
      ended.addEventListener('abort', leave)
      void outsideOfCalls(keepPolling)
      try {
        await promise
      } finally {
        all.delete(one)
        if (all.size === 0) waiting.delete(order.id)
        ended.removeEventListener('abort', leave)
      }
    },
    tell: (order) => resolve(order.id, seenOf(order)),
    stop: () => stopping.abort(unavailable('The server is shutting down')),
  }
}

function seenOf({ state, redirect_url }: Order): string {
  return `${state} ${redirect_url !== null}`
}
