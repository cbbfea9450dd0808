import {
  Availability,
  type Book,
  CartServiceService,
  Category,
  type FinalOrder,
  InventoryServiceService,
  loadDescriptors,
  OrderState,
  TransactionsServiceService,
  type WatchBooksResponse,
  type WatchOrdersResponse,
} from '@books/proto'
import { type Client, createClient } from '@books/rpc'
import { fakeService, serve } from '@books/rpc/testing'
import type { Database } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import { cart } from './service.ts'

/** How to open a database of each kind of this machine. */
export const engines: [name: string, open: () => Promise<Database>][] = [['embedded', openMemoryDatabase]]
if (findPostgres()) engines.push(['server', openServerDatabase])

const promotion = 'buy_two_get_one_free_promo'

/** What a test tells the followers of a fake, now and later. */
interface Told<Message> {
  messages: Message[]
  /** The `after_revision` of each call. */
  asked: number[]
  /** Wake the watches that wait for more. */
  wakes: Set<() => void>
  /** Grows when all is forgotten, which ends the watches. */
  generation: number
}

/** The services that cart follows, on one port. */
export interface Followed extends AsyncDisposable {
  port: number
  /** Adds or changes books. */
  tellBooks(...books: Book[]): void
  /** Tells that an order is final; by default confirmed. */
  tellOrder(order: Partial<FinalOrder>): void
  /** The revisions from which orders were asked for. */
  askedOrders: number[]
  /** Readers who have used the promotion. */
  used: Set<number>
  /** What GetPromotions waits for. */
  promotionsWait: Promise<unknown>
  /** Ends the watches, as if the service started again without its data. */
  forgetOrders(): void
}

/** Starts fakes of inventory, which knows no books before it is told some, and of transactions. */
export async function startFollowed(): Promise<Followed> {
  const books: Told<WatchBooksResponse> = { messages: [], asked: [], wakes: new Set(), generation: 0 }
  const orders: Told<WatchOrdersResponse> = { messages: [], asked: [], wakes: new Set(), generation: 0 }
  const used = new Set<number>()
  let isForgetting = false
  const server = await serve(
    [
      fakeService(InventoryServiceService, {
        watchBooks: ({ afterRevision }, { signal }) => tell(books, afterRevision, signal),
      }),
      fakeService(TransactionsServiceService, {
        async *watchOrders({ afterRevision }, { signal }) {
          const after = isForgetting ? 0 : afterRevision
          isForgetting = false
          yield* tell(orders, after, signal)
        },
        async getPromotions({ readerId }) {
          await followed.promotionsWait
          return { promotions: used.has(readerId) ? [] : [promotion] }
        },
      }),
    ],
    { graceMs: 1 },
  )

  async function* tell<Message extends { revision: number }>(told: Told<Message>, after: number, signal: AbortSignal) {
    told.asked.push(after)
    const { generation } = told
    const woken = () => new Promise<void>((resolve) => told.wakes.add(resolve))
    signal.addEventListener('abort', () => wake(told))
    let revision = after
    if (told.messages.length > 0 && (told.messages.at(-1)?.revision ?? 0) <= after) yield told.messages.at(-1)!
    while (!signal.aborted && told.generation === generation) {
      const next = told.messages.find((message) => message.revision > revision)
      if (next) yield next
      else await woken()
      revision = next?.revision ?? revision
    }
  }

  const add = <Message>(told: Told<Message>, message: Message) => {
    told.messages.push(message)
    wake(told)
  }
  const followed: Followed = {
    port: server.port,
    tellBooks: (...some) => add(books, { books: some, revision: books.messages.length + 1, isCurrent: true }),
    tellOrder(order) {
      const confirmed = { state: OrderState.ORDER_STATE_CONFIRMED, readerId: 0, lines: [], finalAt: new Date() }
      const whole = { id: crypto.randomUUID(), cartId: guest(), ...confirmed, ...order }
      add(orders, { orders: [whole], revision: orders.messages.length + 1, isCurrent: true })
    },
    askedOrders: orders.asked,
    used,
    promotionsWait: Promise.resolve(),
    forgetOrders() {
      orders.messages.length = 0
      isForgetting = true
      orders.generation++
      wake(orders)
    },
    [Symbol.asyncDispose]: server.stop,
  }
  return followed
}

/** Starts the service on a database, which follows the fakes, and makes a client of it. */
export async function startCart(opened: AsyncDisposableStack, { port }: { port: number }, database: Database) {
  const settings = readServiceSettings(cart, {
    ...{ HOST: '127.0.0.1', PORT: '0', INVENTORY_HOST: '127.0.0.1', TRANSACTIONS_HOST: '127.0.0.1' },
    ...{ INVENTORY_PORT: String(port), TRANSACTIONS_PORT: String(port), GRACE_MS: '100', DRAIN_MS: '0' },
  })
  const running = opened.use(await startService(cart, { settings, log: silentLog, database }))
  const address = `127.0.0.1:${running.port}`
  return opened.use(createClient(CartServiceService, { address, descriptors: loadDescriptors(), deadlineMs: 60_000 }))
}

export type CartClient = Client<typeof CartServiceService>

function wake({ wakes }: Pick<Told<unknown>, 'wakes'>): void {
  for (const resolve of wakes) resolve()
  wakes.clear()
}

/** The id of another guest's cart. */
export function guest(): string {
  return crypto.randomUUID().replaceAll('-', '')
}

/** A book of inventory, with defaults for the facts that a test leaves out. */
export function inventoryBook(id: number, facts: Partial<Book> = {}): Book {
  return {
    ...{ id, title: `Book ${id}`, author: `Author ${id}`, year: 2026, category: Category.CATEGORY_MYSTERY },
    ...{ priceCents: 1_000, currency: 'EUR', availability: Availability.AVAILABILITY_IN_STOCK, copiesLeft: 0 },
    ...facts,
  }
}
