import {
  Availability,
  Category,
  type Book as InventoryBook,
  InventoryServiceService,
  type WatchBooksResponse,
} from '@books/proto'
import { unavailable } from '@books/rpc'
import { fakeService, serve, type TestOptions } from '@books/rpc/testing'

/** A book of inventory, with defaults for the facts that a test leaves out. */
export function inventoryBook(id: number, facts: Partial<InventoryBook> = {}): InventoryBook {
  return {
    ...{ id, title: `Book ${id}`, author: `Author ${id}`, year: 2026, category: Category.CATEGORY_MYSTERY },
    ...{ priceCents: 1_900, currency: 'EUR', availability: Availability.AVAILABILITY_IN_STOCK, copiesLeft: 0 },
    ...facts,
  }
}

/** An inventory that sends what a test tells it to send. */
export interface FakeInventory {
  port: number
  /** The `after_revision` of each call. */
  asked: number[]
  /** Resolves once it was called that many times. */
  wasAsked(times: number): Promise<void>
  /** Sends a message to all watchers, now and later; by default with a revision of its own, after which they are current. */
  tell(books: InventoryBook[], message?: Partial<WatchBooksResponse>): void
  /** Ends every call with an error, later ones too where `isForGood`. */
  breakOff(options?: { isForGood: boolean }): void
  stop(): Promise<void>
}

/** Starts an inventory that keeps what it has sent and how it was called. */
export async function startInventory(
  options: TestOptions = {},
  told: WatchBooksResponse[] = [],
): Promise<FakeInventory> {
  const asked: number[] = []
  const waiting = new Map<number, PromiseWithResolvers<void>>()
  /** `sends` is how many messages a call has before it breaks off. */
  const calls = new Set<{ end(): void; sends: number }>()
  let isBroken = false

  const service = fakeService(InventoryServiceService, {
    async *watchBooks({ afterRevision }, { signal }) {
      asked.push(afterRevision)
      waiting.get(asked.length)?.resolve()
      const call = { end() {}, sends: Number.POSITIVE_INFINITY }
      calls.add(call)
      signal.addEventListener('abort', () => call.end())
      try {
        const revision = told.at(-1)?.revision ?? 0
        if (revision <= afterRevision) yield { books: [], revision, isCurrent: true }
        for (let at = 0; !signal.aborted; ) {
          // What is told after a call was broken off is for the next one.
          const message = at < call.sends ? told[at] : undefined
          if (message && message.revision > afterRevision) yield message
          if (message) at++
          else if (isBroken || at >= call.sends) throw unavailable('Broken off')
          else await new Promise<void>((resolve) => (call.end = resolve))
        }
      } finally {
        calls.delete(call)
      }
    },
  })
  const server = await serve([service], { graceMs: 1, ...options })
  const wake = () => {
    for (const call of calls) call.end()
  }

  return {
    port: server.port,
    asked,
    async wasAsked(times) {
      if (asked.length >= times) return
      const asking = waiting.get(times) ?? Promise.withResolvers()
      waiting.set(times, asking)
      await asking.promise
    },
    tell(books, message) {
      told.push({ books, revision: (told.at(-1)?.revision ?? 0) + 1, isCurrent: true, ...message })
      wake()
    },
    breakOff({ isForGood } = { isForGood: false }) {
      isBroken = isForGood
      for (const call of calls) call.sends = Math.min(call.sends, told.length)
      wake()
    },
    stop: server.stop,
  }
}
