import { setTimeout as delay } from 'node:timers/promises'
import { stateOf } from './customers/order-seen.ts'
import type { Shop } from './customers/shop.ts'

const pollStockMs = 500

/** Follows what the store tells of itself, through all faults: the orders that became final, and the stock of some books. */
export function startObservers(shop: Shop, bookIds: readonly number[]) {
  const stopping = new AbortController()
  const { signal } = stopping

  async function followOrders(): Promise<void> {
    let revision = 0
    while (!signal.aborted) {
      let beganAt = Date.now()
      try {
        const messages = shop.transactions.watchOrders({ afterRevision: revision }, { deadlineMs: 60_000, signal })
        for await (const message of messages) {
          const endedAt = Date.now()
          for (const { id, state } of message.orders) {
            shop.finals.set(id, stateOf(state))
            shop.history.sightings.push({ orderId: id, state: stateOf(state), beganAt, endedAt })
          }
          revision = message.revision
          beganAt = endedAt
        }
      } catch {
        await delay(100, undefined, { signal }).catch(() => {})
      }
    }
  }

  async function pollStock(): Promise<void> {
    while (!signal.aborted) {
      const beganAt = Date.now()
      const answer = await shop.inventory.getStock({ bookIds: [...bookIds] }, { signal }).catch(() => undefined)
      const endedAt = Date.now()
      for (const { bookId, free, held, sold } of answer?.stock ?? [])
        shop.history.stockSeen.push({ bookId, free, held, sold, beganAt, endedAt })
      await delay(pollStockMs, undefined, { signal }).catch(() => {})
    }
  }

  const running = Promise.all([followOrders(), pollStock()])
  return {
    async stop(): Promise<void> {
      stopping.abort()
      await running
    },
  }
}
