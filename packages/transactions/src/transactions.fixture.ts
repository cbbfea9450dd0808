import { randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createTestMailer, type TestMailer } from '@books/mail/testing'
import {
  type ListSubscribersResponse,
  type Order,
  type PlaceOrderRequest,
  type PlaceOrderResponse,
  TransactionsServiceService,
} from '@books/proto'
import { type CallOptions, type Client, notFound, type Status, service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import type { Database } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { type Kysely, sql } from 'kysely'
import { createTestInventory, type TestInventory } from './inventory.fixture.ts'
import { isFinal } from './orders/order-state.ts'
import { createTestProvider, type TestProvider } from './payments.fixture.ts'
import { startOrders } from './start-orders.ts'
import type { Tables } from './tables.ts'

/** How to open a database of each kind of this machine. */
export const engines: [name: string, open: () => Promise<Database>][] = [['embedded', openMemoryDatabase]]
if (findPostgres()) engines.push(['server', openServerDatabase])

/** What processes share: the tables, inventory, the provider and the mailbox. They outlive a process of transactions. */
export interface World extends AsyncDisposable {
  tables: Kysely<Tables>
  inventory: TestInventory
  payments: TestProvider
  mailer: TestMailer
  /** Those who accepted offers when they were listed. */
  subscribers: ListSubscribersResponse[]
  /** Those who do not accept offers any more. */
  unsubscribed: Set<number>
  /** Deletes an account. */
  deleteReader(readerId: number): void
  /** Lets time pass for orders. */
  pass(ms: number): void
  /** Tells a process that a payment may have changed. */
  sendEvent(transactions: TransactionsUnderTest, orderId: string): Promise<void>
  /** Pays an order, and resolves to what becomes of it. */
  pay(transactions: TransactionsUnderTest, orderId: string): ReturnType<typeof untilAtRest>
  /** Starts a process of transactions. */
  start(): Promise<TransactionsUnderTest>
}

/** A process of transactions. */
export interface TransactionsUnderTest extends AsyncDisposable {
  client: Client<typeof TransactionsServiceService>
  port: number
  /** Ends as a process does that is killed: nothing that it had begun is finished, and its leases stay. */
  kill(): Promise<void>
}

/** What is the same for all orders of these tests. */
const buyer = {
  email: 'ada@example.org',
  name: 'Ada Lovelace',
  address: { street: '12 St James’s Square', postalCode: 'SW1Y 4JH', city: 'London', country: 'GB' },
  currency: 'EUR',
  returnUrl: 'https://books.example/orders',
}

let made = 0

/** A request for an order of another customer and another cart than all before. */
export function newOrder(request: Partial<PlaceOrderRequest> = {}): Partial<PlaceOrderRequest> {
  made++
  return {
    ...buyer,
    idempotencyKey: randomBytes(16).toString('hex'),
    cartId: `cart-${made}`,
    email: `ada${made}@example.org`,
    ...request,
  }
}

/** Opens what processes share. */
export async function openWorld(openDatabase: () => Promise<Database> = openMemoryDatabase): Promise<World> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await openDatabase())
  const tables = await database.open<Tables>('transactions', new URL('../migrations/', import.meta.url))
  const world = { inventory: createTestInventory(), payments: createTestProvider(), mailer: createTestMailer() }
  const subscribers: ListSubscribersResponse[] = []
  const unsubscribed = new Set<number>()
  const deletedReaders: number[] = []
  const deleted = new EventEmitter()
  let told = 0
  let passedMs = 0
  const now = () => new Date(Date.now() + passedMs)
  const accounts = {
    async getReader({ readerId }: { readerId?: number } = {}) {
      const reader = subscribers.find((each) => each.readerId === readerId)
      if (!reader) throw notFound('No account has this reader id')
      const { name, email } = reader
      return { name, email, acceptsOffers: !unsubscribed.has(reader.readerId), createdAt: undefined }
    },
    async *listSubscribers() {
      yield* subscribers
    },
    async *watchDeletedReaders(_: unknown, { signal }: CallOptions = {}) {
      while (!signal?.aborted) {
        yield { readerIds: deletedReaders.splice(0), revision: ++told, isCurrent: true }
        if (deletedReaders.length > 0 || signal?.aborted) continue
        await Promise.race([once(deleted, 'deleted'), signal && once(signal, 'abort')])
      }
    },
  }

  async function start(): Promise<TransactionsUnderTest> {
    await using started = new AsyncDisposableStack()
    const stopping = new AbortController()
    const cleanup = started.use(new AsyncDisposableStack())
    const methods = await startOrders({
      ...{ ...world, tables, accounts, now, graceMs: 200, cleanup, log: silentLog, signal: stopping.signal },
      publicUrl: 'https://books.example',
      limits: { ordersOfCustomer: 3, ordersOfNetwork: 20, copiesOfNetwork: 100 },
      payMs: 30 * 60_000,
    })
    const server = started.use(await serve([service(TransactionsServiceService, methods)], { drainMs: 0, graceMs: 1 }))
    started.defer(() => stopping.abort())
    const running = started.move()
    return {
      client: server.client(TransactionsServiceService),
      port: server.port,
      kill: () => running.disposeAsync(),
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    }
  }

  async function sendEvent({ client }: TransactionsUnderTest, orderId: string): Promise<void> {
    const body = Buffer.from(JSON.stringify({ id: 'evt_1', orderId, paymentId: 'pay_1' }))
    await client.receivePaymentEvent({ body, headers: { signature: 'right' } })
  }

  const running = opened.move()
  return {
    ...world,
    ...{ tables, subscribers, unsubscribed, start, sendEvent },
    async pay(transactions, orderId) {
      world.payments.decide(orderId, 'authorized')
      await sendEvent(transactions, orderId)
      return untilAtRest(tables, orderId)
    },
    deleteReader(readerId) {
      deletedReaders.push(readerId)
      deleted.emit('deleted')
    },
    pass(ms) {
      passedMs += ms
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** Makes every order due now, also those of processes that were killed. */
export async function makeDue(tables: Kysely<Tables>): Promise<void> {
  await tables
    .updateTable('orders')
    .set({ next_step_time: sql<Date>`now()`, lease: null })
    .where('next_step_time', 'is not', null)
    .execute()
}

/** Resolves once nothing is left to do for an order that is final. */
export async function untilAtRest(tables: Kysely<Tables>, id: string) {
  for (;;) {
    const order = await tables.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    if (isFinal(order.state) && order.next_step_time === null) return order
    await new Promise(setImmediate)
  }
}

/** A refusal of transactions with its reason. */
export function refusal(code: Status, reason: string, metadata: Record<string, string> = {}) {
  return { code, details: { errorInfo: { reason, domain: 'books.transactions', metadata } } }
}

/** The order of an answer. */
export function orderOf({ order }: Pick<PlaceOrderResponse, 'order'>): Order {
  if (!order) throw new Error('the answer has no order')
  return order
}
