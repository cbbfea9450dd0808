import { EventEmitter, once } from 'node:events'
import { createTestMailer, type TestMailer } from '@books/mail/testing'
import {
  type Book as BookMessage,
  Category,
  type GetReaderResponse,
  type Review,
  ReviewsServiceService,
  type WatchRatingsResponse,
  type WriteReviewRequest,
} from '@books/proto'
import { type CallOptions, type Client, notFound, type Status, service, unavailable } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import type { Database } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import type { Kysely } from 'kysely'
import { reviews } from './service.ts'
import { startReviews } from './start-reviews.ts'
import type { Book } from './stores/book-store.ts'
import type { Tables } from './tables.ts'

/** How to open a database of each kind of this machine. */
export const engines: [name: string, open: () => Promise<Database>][] = [['embedded', openMemoryDatabase]]
if (findPostgres()) engines.push(['server', openServerDatabase])

export const hourMs = 60 * 60_000

/** What processes share: the tables, the services that reviews follows and asks, and the mailbox. */
export interface World extends AsyncDisposable {
  tables: Kysely<Tables>
  mailer: TestMailer
  /** Adds books to inventory, or changes them. */
  tellBooks(...books: Partial<Book>[]): void
  /** Those who have an account. Any other reader has one of some years, unless accounts is away. */
  accounts: Map<number, Partial<GetReaderResponse>>
  /** Whom accounts does not know, or no longer. */
  deletedReaders: Set<number>
  /** Deletes an account. */
  deleteReader(readerId: number): void
  /** What readers bought: the reader and the book. */
  bought: Set<string>
  /** The services that are away. */
  away: Set<'accounts' | 'transactions'>
  /** Lets time pass. */
  pass(ms: number): void
  /** Starts a process of reviews. */
  start(): Promise<ReviewsUnderTest>
}

/** A process of reviews. */
export interface ReviewsUnderTest extends AsyncDisposable {
  client: Client<typeof ReviewsServiceService>
  port: number
}

/** Opens what processes share. Inventory has the books from 1 to 9 unless others are given. */
export async function openWorld(
  openDatabase: () => Promise<Database> = openMemoryDatabase,
  firstBooks: readonly Partial<Book>[] = Array.from({ length: 9 }, (_, index) => ({ id: index + 1 })),
): Promise<World> {
  await using opened = new AsyncDisposableStack()
  const tables = await openTables(reviews, opened.use(await openDatabase()))
  const mailer = createTestMailer()
  const books = createFeed<Book>()
  const deletions = createFeed<number>()
  const readers = new Map<number, Partial<GetReaderResponse>>()
  const [deletedReaders, bought, away] = [new Set<number>(), new Set<string>(), new Set<string>()]
  let passedMs = 0
  const now = () => new Date(Date.now() + passedMs)
  const tellBooks = (...some: Partial<Book>[]) =>
    books.add(
      ...some.map((book) => ({ id: 1, title: `Book ${book.id}`, category: Category.CATEGORY_MYSTERY, ...book })),
    )
  tellBooks(...firstBooks)

  const inventory = {
    async *watchBooks(request: { afterRevision?: number }, options?: CallOptions) {
      for await (const { items, ...message } of books.watch(request, options)) {
        yield { books: items.map(toBookMessage), ...message }
      }
    },
  }
  const transactions = {
    async listBought({ readerId, bookIds = [] }: { readerId?: number; bookIds?: number[] }) {
      if (away.has('transactions')) throw unavailable('transactions is away')
      return { bookIds: bookIds.filter((bookId) => bought.has(`${readerId} ${bookId}`)) }
    },
  }
  const accounts = {
    async getReader({ readerId = 0 }: { readerId?: number }) {
      if (away.has('accounts')) throw unavailable('accounts is away')
      if (deletedReaders.has(readerId)) throw notFound('No account has this reader id')
      const common = { name: `Reader ${readerId}`, email: `reader${readerId}@example.org`, acceptsOffers: false }
      return { ...common, createdAt: new Date('2020-01-01'), ...readers.get(readerId) }
    },
    async *watchDeletedReaders(request: { afterRevision?: number }, options?: CallOptions) {
      for await (const { items, ...message } of deletions.watch(request, options))
        yield { readerIds: items, ...message }
    },
  }

  async function start(): Promise<ReviewsUnderTest> {
    await using started = new AsyncDisposableStack()
    const stopping = new AbortController()
    const methods = await startReviews({
      ...{ tables, inventory, transactions, accounts, mailer, now, log: silentLog, signal: stopping.signal },
      ...{ cleanup: started.use(new AsyncDisposableStack()), publicUrl: 'https://books.example', lookUpEveryMs: 1 },
      writeLimit: { reviews: 3, withinMs: hourMs },
    })
    const server = started.use(await serve([service(ReviewsServiceService, methods)], { drainMs: 0, graceMs: 1 }))
    started.defer(() => stopping.abort())
    await until(() => isKnown(tables))
    const running = started.move()
    return {
      client: server.client(ReviewsServiceService, { deadlineMs: 60_000 }),
      port: server.port,
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    }
  }

  const running = opened.move()
  return {
    ...{ tables, mailer, tellBooks, deletedReaders, bought, start },
    away: away as World['away'],
    accounts: readers,
    deleteReader(readerId) {
      deletedReaders.add(readerId)
      deletions.add(readerId)
    },
    pass(ms) {
      passedMs += ms
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function isKnown(tables: Kysely<Tables>): Promise<boolean> {
  const rows = await tables.selectFrom('followed').select('is_complete').execute()
  return rows.every((row) => row.is_complete)
}

function toBookMessage({ id, title, category }: Book): BookMessage {
  const facts = {
    author: 'Ann Author',
    year: 2026,
    priceCents: 999,
    currency: 'EUR',
    availability: 0,
    copiesLeft: 0,
  } as const
  return { id, title, category: category as Category, ...facts }
}

/** Items that are told to those who watch; each is a revision. */
function createFeed<Item>() {
  const items: Item[] = []
  const added = new EventEmitter().setMaxListeners(0)
  return {
    add(...more: Item[]) {
      items.push(...more)
      added.emit('added')
    },
    async *watch({ afterRevision = 0 }: { afterRevision?: number }, { signal }: CallOptions = {}) {
      for (let revision = afterRevision; !signal?.aborted; ) {
        const told = items.slice(revision)
        revision = items.length
        yield { items: told, revision, isCurrent: true }
        if (items.length === revision) await once(added, 'added', { ...(signal && { signal }) }).catch(() => {})
      }
    },
  }
}

/** Resolves once a condition is met. */
export async function until(isMet: () => Promise<boolean>): Promise<void> {
  // The embedded database answers without a turn of the event loop, in which others work.
  while (!(await isMet())) await new Promise(setImmediate)
}

const text = 'A text of more than twenty characters.'

/** A review of a reader, with defaults for what a test leaves out. */
export function written(request: Partial<WriteReviewRequest>): WriteReviewRequest {
  return { readerId: 1, bookId: 1, stars: 4, title: 'A title', text, name: 'Ada', ...request }
}

/** The review of an answer. */
export function reviewOf({ review }: { review?: Review | undefined }): Review {
  if (!review) throw new Error('the answer has no review')
  return review
}

/** Writes a review, and resolves to it. */
export async function write({ client }: ReviewsUnderTest, request: Partial<WriteReviewRequest>): Promise<Review> {
  return reviewOf(await client.writeReview(written(request)))
}

/** A refusal of reviews with its reason. */
export function refusal(code: Status, reason: string) {
  return { code, details: { errorInfo: { reason, domain: 'books.reviews', metadata: {} } } }
}

/** The first message of WatchRatings that is current, with all ratings up to it. */
export async function ratingsAfter({ client }: ReviewsUnderTest, afterRevision: number) {
  const ratings: WatchRatingsResponse['ratings'] = []
  for await (const message of client.watchRatings({ afterRevision })) {
    ratings.push(...message.ratings)
    if (message.isCurrent) return { ratings, revision: message.revision }
  }
  throw new Error('the watch ended')
}
