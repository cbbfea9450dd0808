import { AsyncLocalStorage } from 'node:async_hooks'
import { promotions } from '@books/pricing'
import type { TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'

/** Which promotions readers may still use. */
export interface UsablePromotions {
  /** Those of a reader. All, where transactions does not tell in time: an order checks it. */
  find(readerId: number): Promise<readonly string[]>
  /** Looks it up again next time. */
  forget(readerId: number): void
}

/** What looking promotions up needs. */
export interface UsablePromotionsDeps {
  transactions: Pick<Client<typeof TransactionsServiceService>, 'getPromotions'>
  now: () => Date
}

interface Kept {
  found: Promise<readonly string[]>
  until: number
}

const deadlineMs = 150
const keptMs = 10_000
// So that not every view waits for transactions while it is away.
const unknownKeptMs = 2_000
const mostKept = 10_000

/** Looks promotions up, and keeps them for seconds. */
export function createUsablePromotions({ transactions, now }: UsablePromotionsDeps): UsablePromotions {
  // The one looked up first is the first to go.
  const kept = new Map<number, Kept>()
  // Others wait for the same answer, so a call that looks it up must not end it with its own deadline.
  const outsideOfCalls = AsyncLocalStorage.snapshot()

  function lookUp(readerId: number): Kept {
    const entry: Kept = { found: Promise.resolve(promotions), until: now().getTime() + keptMs }
    entry.found = outsideOfCalls(() => transactions.getPromotions({ readerId }, { deadlineMs })).then(
      (response) => response.promotions,
      () => {
        entry.until = now().getTime() + unknownKeptMs
        return promotions
      },
    )
    return entry
  }

  return {
    find(readerId) {
      const present = kept.get(readerId)
      if (present && present.until > now().getTime()) return present.found

      const entry = lookUp(readerId)
      kept.delete(readerId)
      kept.set(readerId, entry)
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      return entry.found
    },
    forget: (readerId) => void kept.delete(readerId),
  }
}
