import { createMailer, mailSettings } from '@books/mail'
import {
  AccountsServiceService,
  InventoryServiceService,
  ReviewsServiceService,
  TransactionsServiceService,
} from '@books/proto'
import { service } from '@books/rpc'
import { defineService, dependency, migrations } from '@books/service'
import { Type } from 'typebox'
import { startReviews } from './start-reviews.ts'
import type { Tables } from './tables.ts'

const hourMs = 60 * 60_000
// Its own name, for commands that run in its container.
const staff = ['staff', 'reviews']
// Reviews are read and written without the others; a writer does not wait long for them.
const optional = { isOptional: true, waitForReadyMs: 100 }

/** What readers think of books. Follows the books of inventory, and the deleted readers of accounts. */
export const reviews = defineService({
  name: 'reviews',
  port: 50_060,
  settings: {
    ...mailSettings,
    /** So many reviews may an account write within an hour that is younger than a day. */
    NEW_ACCOUNT_REVIEWS: Type.Integer({ minimum: 1, maximum: 1_000, default: 3 }),
  },
  // The ports at which mail servers take mail.
  deployment: { egressPorts: [465, 587] },
  callers: ['recommendations', 'marketplace'],
  methodCallers: { ListReported: staff, ModerateReview: staff },
  dependencies: {
    inventory: dependency(InventoryServiceService, { port: 50_053, ...optional }),
    // Whether a reader bought the book.
    transactions: dependency(TransactionsServiceService, { port: 50_059, ...optional }),
    // How old an account is, and where its mail goes.
    accounts: dependency(AccountsServiceService, { port: 50_057, ...optional }),
  },
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  async start({ settings, tables, clients, log, signal, cleanup }) {
    const mailer = createMailer(settings, log)
    cleanup.defer(mailer.close)
    const methods = await startReviews({
      ...{ ...clients, tables, mailer, log, signal, cleanup },
      publicUrl: settings.PUBLIC_URL,
      writeLimit: { reviews: settings.NEW_ACCOUNT_REVIEWS, withinMs: hourMs },
    })
    // A watch stays open for as long as its caller likes.
    const maxDeadlineMs = { watchRatings: Number.POSITIVE_INFINITY }
    return { services: [service(ReviewsServiceService, methods, { maxDeadlineMs })] }
  },
})
