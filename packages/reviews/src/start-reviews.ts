import type { Mailer } from '@books/mail'
import type { AccountsServiceService, InventoryServiceService, TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { startOutbox } from '@books/runtime/outbox'
import { followChanges } from '@books/service/watch'
import type { Kysely } from 'kysely'
import { followBooks } from './followed/follow-books.ts'
import { startForgettingReaders } from './followed/forget-readers.ts'
import { startLookingUpBought } from './followed/look-up-bought.ts'
import { createDecisionJobs } from './mails/decision-jobs.ts'
import { createRanking } from './methods/ranking.ts'
import { createReviews } from './reviews.ts'
import type { WriteLimit } from './rules/write-limit.ts'
import { createStores } from './stores/stores.ts'
import type { Tables } from './tables.ts'

/** What reviews are made with. */
export interface StartReviewsDeps {
  tables: Kysely<Tables>
  inventory: Pick<Client<typeof InventoryServiceService>, 'watchBooks'>
  transactions: Pick<Client<typeof TransactionsServiceService>, 'listBought'>
  accounts: Pick<Client<typeof AccountsServiceService>, 'getReader' | 'watchDeletedReaders'>
  mailer: Mailer
  /** The address of the shop. */
  publicUrl: string
  /** How much a new account may write. */
  writeLimit: WriteLimit
  now?: () => Date
  /** How often it is asked again whether books were bought. */
  lookUpEveryMs?: number
  log: Log
  /** Aborts when the service begins to stop. */
  signal: AbortSignal
  cleanup: AsyncDisposableStack
}

/** Starts what reviews need, and answers the Reviews API. */
export async function startReviews(deps: StartReviewsDeps) {
  const { tables, inventory, transactions, accounts, mailer, publicUrl, writeLimit, log, signal, cleanup } = deps
  const { now = () => new Date(), lookUpEveryMs = 60_000 } = deps
  const stores = createStores(tables)
  const handlers = createDecisionJobs({ accounts, books: stores.books, mailer, publicUrl })
  const outbox = startOutbox(tables, { schema: 'reviews', handlers, log })
  cleanup.defer(outbox.stop)
  const lookingUp = startLookingUpBought({ reviews: stores.reviews, transactions, everyMs: lookUpEveryMs, log })
  cleanup.defer(lookingUp.stop)
  const books = await followBooks({ inventory, stores, log })
  cleanup.defer(books.stop)
  const forgetting = await startForgettingReaders({ accounts, stores, log })
  cleanup.defer(forgetting.stop)
  const changes = followChanges(stores.readerRatings.settledRevision, { log, signal })
  const ranking = createRanking(stores.ratings.rank)

  return createReviews({
    ...{ stores, ranking, changes, transactions, accounts, writeLimit, now, wakeOutbox: outbox.wake },
  })
}
