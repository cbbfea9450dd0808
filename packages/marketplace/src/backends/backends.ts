import type { Book } from '@books/proto'
import { RpcError, readinessCheckOf } from '@books/rpc'
import type { Log } from '@books/runtime'
import { prefixOf } from '@books/service'
import DataLoader from 'dataloader'
import { createCarts } from '../carts/carts.ts'
import { createInteractionRecorder } from '../preferences/interaction-recorder.ts'
import { createSessions, sessionSettings } from '../sessions/sessions.ts'
import type { Settings } from '../settings.ts'
import {
  type Answer,
  type AskOptions,
  type Backend,
  type BackendSettings,
  createBackend,
  type Deadlines,
  methodsOf,
  orMissing,
} from './backend.ts'
import type { Clients } from './dependencies.ts'
import { createFindRatings } from './ratings.ts'

/** The services that pages are made from, each behind a cache and a circuit breaker of its own. */
export type Backends = ReturnType<typeof createBackends>

/** Finds a book by its id; `book` is undefined for an unknown id. Concurrent calls are one to the service. */
type FindBook = (
  id: number,
  options?: Pick<AskOptions, 'isSecondary' | 'since'>,
) => Promise<Answer<{ book: Book | undefined }>>

/** What backends are created from. */
export interface BackendsDeps {
  clients: Clients
  /** With the deadline of each service, such as ARTICLES_DEADLINE_MS. */
  settings: BackendSettings & Pick<Settings, 'PAGE_DEADLINE_MS'> & Readonly<Record<string, unknown>>
  log: Log
}

/** Creates the backends. None of their services has to be available. */
export function createBackends({ clients, settings, log }: BackendsDeps) {
  const names = Object.keys(clients) as (keyof Clients)[]
  const backends = Object.fromEntries(
    names.map((name) => {
      const its = cacheSettings[name]?.(settings) ?? settings
      return [name, createBackend(name, { ...its, ...deadlinesOf(name, settings) }, log)]
    }),
  ) as Record<keyof Clients, Backend>
  const { recommendations, inventory, articles, transactions, reviews } = backends
  const recorder = createInteractionRecorder({
    recordInteractions: clients.recommendations.recordInteractions,
    isFailing: recommendations.isFailing,
    log,
  })

  return {
    recommendations: methodsOf(recommendations, clients.recommendations, ['recommend', 'recommendSimilar']),
    inventory: {
      ...methodsOf(inventory, clients.inventory, ['listBooks', 'searchBooks']),
      findBook: createFindBook(inventory, clients.inventory),
    },
    articles: methodsOf(articles, clients.articles, ['articleList', 'articleDetail']),
    sessions: createSessions(backends.accounts, clients.accounts.getSession),
    carts: createCarts(backends.cart, clients.cart),
    /** For forms, which ask them themselves: what they change is never cached. */
    accounts: clients.accounts,
    cart: clients.cart,
    transactions: clients.transactions,
    promotions: methodsOf(transactions, clients.transactions, ['getPromotions']),
    ratings: {
      ...methodsOf(reviews, clients.reviews, ['listReviews', 'listTopRated']),
      find: createFindRatings(reviews, clients.reviews.getRatings, settings),
    },
    reviews: clients.reviews,
    /** Options of a call to accounts for the main content of a page. */
    accountPageCall: { deadlineMs: backends.accounts.deadlineMs },
    /** The same for orders. */
    orderPageCall: { deadlineMs: transactions.deadlineMs },
    recorder,
    /** Reads the current health of each service: `serving`, `not serving` or `unreachable`. */
    async readStatuses(): Promise<Record<string, string>> {
      const statuses = names.map(async (name) => [
        name,
        backends[name].isFailing() ? 'unreachable' : await readStatus(clients[name]),
      ])
      return Object.fromEntries(await Promise.all(statuses))
    },
    /** Stops the timers of the circuit breakers and of the recorder. */
    close() {
      recorder.close()
      for (const backend of Object.values(backends)) backend.close()
    },
  }
}

// What must not be as old, or is larger, than other answers.
const cacheSettings: Partial<Record<keyof Clients, (settings: BackendSettings) => BackendSettings>> = {
  accounts: sessionSettings,
  // Whether a reader has used a promotion.
  transactions: (settings) => ({ ...settings, STALE_MS: settings.FRESH_MS }),
  // A page of reviews may have fifty thousand characters.
  reviews: (settings) => ({ ...settings, REMEMBERED_ANSWERS: Math.min(settings.REMEMBERED_ANSWERS, 500) }),
}

/** A longer deadline of a service counts for main content, too. */
function deadlinesOf(name: string, settings: BackendsDeps['settings']): Deadlines {
  const secondaryMs = Number(settings[`${prefixOf(name)}DEADLINE_MS`])
  return { secondaryMs, pageMs: Math.max(secondaryMs, settings.PAGE_DEADLINE_MS) }
}

/** Finds books in batches, and caches each of them by itself. */
export function createFindBook(backend: Backend, { getBooks }: Pick<Clients['inventory'], 'getBooks'>): FindBook {
  const { deadlineMs } = backend
  const loader = new DataLoader<number, Book | undefined>(
    async (ids) => {
      const { books, unknownIds } = await backend.fire(() => getBooks({ ids: [...ids] }, { deadlineMs }))
      const found = new Map<number, Book | undefined>(books.map((book) => [book.id, book]))
      for (const id of unknownIds) found.set(id, undefined)
      return ids.map((id) => (found.has(id) ? found.get(id) : new Error(`The inventory did not answer for book ${id}`)))
    },
    // The backend caches.
    { cache: false, maxBatchSize: 500 },
  )
  return (id, options) =>
    orMissing(
      backend,
      backend.ask(`book ${id}`, async () => ({ book: await loader.load(id) }), options),
    )
}

// Orchestrators wait for one second, and a service that hangs does not make the marketplace unready.
const statusWithinMs = 450

async function readStatus(client: { close(): void }): Promise<string> {
  try {
    await readinessCheckOf(client)(AbortSignal.timeout(statusWithinMs))
    return 'serving'
  } catch (error) {
    return error instanceof RpcError ? 'unreachable' : 'not serving'
  }
}
