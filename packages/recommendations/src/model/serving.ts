import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '@books/runtime'
import type { Book } from '../books/book.ts'
import { createShelves, type Shelves } from '../books/shelves.ts'
import type { Readers } from '../readers/readers.ts'
import { runFitting } from './fitter.ts'
import { type Grounds, groundsOf } from './snapshot.ts'

/** What serving needs. */
export interface ServingDeps {
  /** What is on the shelves to begin with. */
  shelves: Shelves
  readers: Readers
  /** Given all that recommendations are made from, whenever some of it has changed. */
  use: (grounds: Grounds) => void
  log: Log
}

/** Keeps the shelves and the model that are in use, which always fit each other. */
export interface Serving {
  /** The shelves in use. */
  readonly shelves: Shelves
  /** The model in use, of the items on these shelves; undefined while there is none. */
  readonly model: Uint8Array | undefined
  /** Those of the books that are not, or not like that, on the shelves or on their way there. */
  newsAmong(books: readonly Book[]): Book[]
  /** Puts books on the shelves, in place of those with the same ids. Resolves once they are in use. */
  putBooks(books: readonly Book[]): Promise<void>
  /** Goes by another model from now on. Rejects with a `ModelFileError` where it is damaged, and keeps the one in use. */
  useModel(bytes: Uint8Array): Promise<void>
  /** Ends what is under way, and begins nothing more. */
  stop(): Promise<void>
}

// Changes come in bursts, and one fitting serves them all.
const gatherMs = 250

/** Serves from these shelves, without a model so far. */
export function createServing({ shelves: first, readers, use, log }: ServingDeps): Serving {
  const stopping = new AbortController()
  const { signal } = stopping
  const books = new Map(first.books.map((book) => [book.id, book]))
  let [put, shelved] = [0, 0]
  let shelves = first
  let model: Uint8Array | undefined
  let running: Promise<unknown> = Promise.resolve()

  // One after the other, each with all that is known when its turn comes. Of many puts in a row, one does all the work.
  function inTurn(work: () => Promise<void>): Promise<void> {
    const result = running.then(() => {
      signal.throwIfAborted()
      return work()
    })
    running = result.catch(() => {})
    return result
  }

  async function renew(bytes: Uint8Array | undefined): Promise<void> {
    const upTo = put
    const next = upTo === shelved ? shelves : createShelves([...books.values()])
    const fitted = bytes && (await runFitting(bytes, next, signal))
    const grounds = await groundsOf(next, readers, fitted?.model)
    signal.throwIfAborted()

    const isNew = next !== shelves
    shelves = next
    shelved = upTo
    model = fitted?.bytes
    use(grounds)
    if (isNew) log.info({ books: next.books.length }, 'books on the shelves are new or have changed')
  }

  return {
    get shelves() {
      return shelves
    },
    get model() {
      return model
    },
    newsAmong: (some) => some.filter((book) => !isSame(book, books.get(book.id))),
    putBooks(some) {
      for (const book of some) books.set(book.id, book)
      const own = ++put
      return inTurn(async () => {
        if (shelved >= own) return
        await pause(gatherMs, undefined, { signal })
        await renew(model)
      })
    },
    useModel: (bytes) => inTurn(() => renew(bytes)),
    async stop() {
      stopping.abort()
      await running
    },
  }
}

function isSame(one: Book, other: Book | undefined): boolean {
  const { title, author, year, category } = one
  return other?.title === title && other.author === author && other.year === year && other.category === category
}
