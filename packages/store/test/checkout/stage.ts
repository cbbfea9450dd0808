import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { cart } from '@books/cart'
import { CartServiceService, InventoryServiceService, loadDescriptors, TransactionsServiceService } from '@books/proto'
import { createClient } from '@books/rpc'
import { services } from '../../src/services.ts'
import type { Random } from './customers/random.ts'
import type { Shop } from './customers/shop.ts'
import { createHistory } from './history/history.ts'
import { type MailReceiver, startMailReceiver } from './processes/mail-receiver.ts'
import { openStoreDatabase, type StoreDatabase } from './processes/store-database.ts'
import { type StoreProcesses, startStoreProcesses, withDependencies } from './processes/store-processes.ts'
import { startWebhookReceiver } from './processes/webhook-receiver.ts'

/** What a run is made on. */
export interface StageOptions {
  /** Whether the database is embedded, also where there is a PostgreSQL server. */
  isEmbedded?: boolean | undefined
  /** When an order that is not paid is cancelled. */
  payWithinMs: number
  /** How long the provider takes for an answer that is late, and for an event that is. */
  answerDelayMs: number
  eventDelayMs: number
  /** The folder of the workspace whose sources run; this one by default. */
  workspace?: string | undefined
}

/** Everything that customers need, running. */
export interface Stage extends AsyncDisposable {
  database: StoreDatabase
  processes: StoreProcesses
  mail: MailReceiver
  shop: Shop
}

/** The folder of this workspace. */
export const thisWorkspace = fileURLToPath(new URL('../../../../', import.meta.url))
// A process that is started again compiles nothing.
const { directory } = enableCompileCache()
const compileCache: Record<string, string> = directory ? { NODE_COMPILE_CACHE: directory } : {}
const providerKey = 'the key of the payment sandbox'

/** Starts a database, the services that selling takes, and what stands in for the marketplace and the mail server. */
export async function openStage(
  random: Random,
  { isEmbedded = false, payWithinMs, answerDelayMs, eventDelayMs, workspace = thisWorkspace }: StageOptions,
): Promise<Stage> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await openStoreDatabase({ isEmbedded }))
  const mail = opened.use(await startMailReceiver())
  const webhooks = opened.use(await startWebhookReceiver(random))
  const processes = opened.use(
    await startStoreProcesses({
      ...{ database, workspace },
      services: withDependencies(cart, services),
      variables: {
        '*': { ...compileCache, PAYMENT_SANDBOX_KEY: providerKey, SMTP_URL: mail.url, MAIL_FROM: 'shop@books.example' },
        'payment-sandbox': {
          WEBHOOK_URL: webhooks.url,
          ANSWER_DELAY_MS: String(answerDelayMs),
          EVENT_DELAY_MS: String(eventDelayMs),
        },
        transactions: { PAY_MINUTES: String(payWithinMs / 60_000) },
      },
    }),
  )

  const descriptors = loadDescriptors()
  const shop: Shop = {
    inventory: opened.use(
      createClient(InventoryServiceService, { address: processes.addressOf('inventory'), descriptors }),
    ),
    cart: opened.use(createClient(CartServiceService, { address: processes.addressOf('cart'), descriptors })),
    transactions: opened.use(
      createClient(TransactionsServiceService, { address: processes.addressOf('transactions'), descriptors }),
    ),
    history: createHistory(),
    prices: new Map(),
    currency: '',
    finals: new Map(),
  }
  webhooks.passTo((event) => shop.transactions.receivePaymentEvent(event))

  const running = opened.move()
  return { database, processes, mail, shop, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
