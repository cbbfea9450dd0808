import type { TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import type { ReviewStore } from '../stores/review-store.ts'
import { findBought } from './find-bought.ts'

/** What looking up takes. */
export interface LookUpBoughtDeps {
  reviews: Pick<ReviewStore, 'listToLookUp' | 'setBought'>
  transactions: Pick<Client<typeof TransactionsServiceService>, 'listBought'>
  everyMs: number
  log: Log
}

const pageSize = 100

/** Asks again whether readers bought the books, of reviews that were written while transactions was away: from time to time. */
export function startLookingUpBought({ reviews, transactions, everyMs, log }: LookUpBoughtDeps): {
  stop(): Promise<void>
} {
  let running: Promise<void> | undefined
  let isStopping = false

  async function lookUp(): Promise<void> {
    for (let after = 0; !isStopping; ) {
      const page = await reviews.listToLookUp(after, pageSize)
      for (const { readerId, bookId } of page) {
        const boughtHere = await findBought(transactions, readerId, bookId)
        if (boughtHere === undefined) return
        await reviews.setBought(readerId, bookId, boughtHere)
      }
      const last = page.at(-1)
      if (!last || page.length < pageSize) return
      after = last.number
    }
  }

  const timer = setInterval(() => {
    running ??= lookUp()
      .catch((err: unknown) =>
        log.warn({ err }, 'whether reviewed books were bought could not be stored; trying again'),
      )
      .finally(() => {
        running = undefined
      })
  }, everyMs).unref()
  return {
    async stop() {
      isStopping = true
      clearInterval(timer)
      await running
    },
  }
}
