import { setTimeout as delay } from 'node:timers/promises'
import {
  BookSort,
  Category,
  InventoryServiceService,
  loadDescriptors,
  StockReason,
  TransactionsServiceService,
} from '@books/proto'
import { createClient } from '@books/rpc'
import { services } from '../../src/services.ts'
import { openStoreDatabase } from '../checkout/processes/store-database.ts'
import { startStoreProcesses } from '../checkout/processes/store-processes.ts'
import { startWebhookReceiver } from '../checkout/processes/webhook-receiver.ts'
import { thisWorkspace } from '../checkout/stage.ts'
import { createVisitor, type PageVisit } from './visitor.ts'

/** The extent of a run. */
export interface RunOptions {
  orders: number
  /** How many buy at the same time. */
  visitors: number
  /** Told how far the run is, now and then. */
  report?: (text: string) => void
}

/** What became of a run. */
export interface FinishedRun {
  /** The numbers of the orders that were confirmed. */
  confirmed: string[]
  /** Why others were not. */
  failures: string[]
  /** How often reviews was ended with SIGKILL. */
  kills: number
  visits: PageVisit[]
}

const shelf = Category.CATEGORY_FANTASY
const shelfName = 'fantasy'
const providerKey = 'the key of the payment sandbox'
const reportMs = 5_000
// Reviews is down, and up, for some time up to these, others each time.
const [longestDownMs, longestUpMs] = [600, 6_000]

/** Lets visitors buy while the process of reviews is ended with SIGKILL again and again, as soon as it answers or a moment later. */
export async function runOrders({ orders, visitors, report = () => {} }: RunOptions): Promise<FinishedRun> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await openStoreDatabase())
  const webhooks = opened.use(await startWebhookReceiver())
  const processes = opened.use(
    await startStoreProcesses({
      ...{ database, services, workspace: thisWorkspace },
      variables: {
        '*': { PAYMENT_SANDBOX_KEY: providerKey },
        'payment-sandbox': { WEBHOOK_URL: webhooks.url },
        transactions: { UNPAID_ORDERS_OF_NETWORK: '1000', UNPAID_COPIES_OF_NETWORK: '1000' },
        // One machine sends all forms, and is as busy as the starts of a process make it.
        marketplace: { FORMS_PER_MINUTE: '100000', BUSY_MS: '600000' },
      },
    }),
  )
  const descriptors = loadDescriptors()
  const clientOptions = (name: string) => ({ address: processes.addressOf(name), descriptors })
  const inventory = opened.use(createClient(InventoryServiceService, clientOptions('inventory')))
  const transactions = opened.use(createClient(TransactionsServiceService, clientOptions('transactions')))
  webhooks.passTo((event) => transactions.receivePaymentEvent(event))
  const { books } = await inventory.listBooks({ category: shelf, sort: BookSort.BOOK_SORT_TITLE, pageSize: 20 })
  for (const { id: bookId } of books) {
    const reason = StockReason.STOCK_REASON_RECEIVED
    await inventory.adjustStock({ key: `delivery ${bookId}`, bookId, delta: orders, reason })
  }

  const crashing = startCrashes(processes.all.find(({ name }) => name === 'reviews')!)
  const run: FinishedRun = { confirmed: [], failures: [], kills: 0, visits: [] }
  const reporter = setInterval(
    () => report(`${run.confirmed.length} of ${orders} orders, ${crashing.kills()} kills`),
    reportMs,
  )
  let begun = 0
  const buyAll = async () => {
    while (begun < orders) {
      const book = books[begun++ % books.length]!
      const visitor = createVisitor(`http://${processes.addressOf('marketplace')}`, run.visits)
      try {
        run.confirmed.push(await visitor.buy(shelfName, book.id))
      } catch (error) {
        run.failures.push(String(error))
      }
    }
  }
  await Promise.all(Array.from({ length: visitors }, buyAll))
  clearInterval(reporter)
  await crashing.stop()
  return { ...run, kills: crashing.kills() }
}

/** Ends a process with SIGKILL and starts it again, until it is told to stop. */
function startCrashes(service: { kill(): Promise<void>; start(): Promise<void> }) {
  let kills = 0
  let isOver = false
  const crash = async () => {
    while (!isOver) {
      await service.kill()
      kills++
      await delay(Math.random() * longestDownMs)
      await service.start()
      // Every other time it is ended as soon as it answers.
      if (kills % 2 === 0) await delay(Math.random() * longestUpMs)
    }
  }
  const running = crash()
  return {
    kills: () => kills,
    async stop(): Promise<void> {
      isOver = true
      await running
    },
  }
}
