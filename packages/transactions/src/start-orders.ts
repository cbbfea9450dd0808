import type { Mailer } from '@books/mail'
import type { AccountsServiceService, InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { startOutbox } from '@books/runtime/outbox'
import { followChanges } from '@books/service/watch'
import type { Kysely } from 'kysely'
import { createMailJobs } from './mails/mail-jobs.ts'
import type { UnpaidLimits } from './methods/deps.ts'
import { createWatchOrders } from './methods/watch-orders.ts'
import { createOrderChanges } from './orders/order-changes.ts'
import type { PaymentProvider } from './payments/payment-provider.ts'
import { startForgettingReaders } from './readers/forget-readers.ts'
import { observeOrders } from './steps/observe-orders.ts'
import { startOrderRunner } from './steps/order-runner.ts'
import { createRunOrder } from './steps/run-order.ts'
import type { Stock } from './steps/step-context.ts'
import { createStores } from './stores.ts'
import type { Tables } from './tables.ts'
import { createTransactions } from './transactions.ts'

/** What orders are placed and made with. */
export interface StartOrdersDeps {
  tables: Kysely<Tables>
  inventory: Stock & Pick<Client<typeof InventoryServiceService>, 'getBooks'>
  accounts: Pick<Client<typeof AccountsServiceService>, 'getReader' | 'listSubscribers' | 'watchDeletedReaders'>
  payments: PaymentProvider
  mailer: Mailer
  /** The address of the shop. */
  publicUrl: string
  limits: UnpaidLimits
  /** How long a customer may take to pay. */
  payMs: number
  now?: () => Date
  /** How long a step of a process that died stays its own. */
  leaseMs?: number
  /** How long a stop waits for steps and mails. */
  graceMs?: number
  log: Log
  /** Aborts when the service begins to stop. */
  signal: AbortSignal
  cleanup: AsyncDisposableStack
}

/** Starts what makes orders, and answers the Transactions API. */
export async function startOrders(deps: StartOrdersDeps) {
  const { tables, inventory, accounts, payments, mailer, publicUrl, log, signal, cleanup } = deps
  const { now = () => new Date(), leaseMs = 10_000, graceMs = 3_000 } = deps
  const stores = createStores(tables)
  const orderChanges = createOrderChanges(stores.orders)
  // Otherwise a watcher keeps its call open for the whole grace period.
  signal.addEventListener('abort', orderChanges.stop)
  cleanup.defer(orderChanges.stop)
  const handlers = createMailJobs({ stores, accounts, mailer, publicUrl })
  const outbox = startOutbox(tables, { schema: 'transactions', handlers, log, graceMs })
  cleanup.defer(outbox.stop)
  const run = createRunOrder({
    ...{ store: stores.steps, refunds: stores.refunds, listLines: stores.orders.listLines },
    ...{ stock: inventory, payments, tell: orderChanges.tell, wakeOutbox: outbox.wake, now, leaseMs, log },
  })
  const runner = startOrderRunner({ store: stores.steps, run, leaseMs, graceMs, log })
  cleanup.defer(runner.stop)
  cleanup.defer(observeOrders(tables))
  const forgetting = await startForgettingReaders({ tables, accounts, now, log })
  cleanup.defer(forgetting.stop)
  const changes = followChanges(stores.final.newestRevision, { log, signal })

  return createTransactions({
    ...{ stores, orderChanges, runner, payments, inventory, accounts },
    ...{ limits: deps.limits, payMs: deps.payMs, leaseMs, now, wakeOutbox: outbox.wake },
    watchOrders: createWatchOrders(stores.final, changes),
  })
}
