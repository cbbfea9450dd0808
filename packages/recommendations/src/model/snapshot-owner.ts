import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '@books/runtime'
import type { Book } from '../books/book.ts'
import { createBookIndex } from '../books/book-index.ts'
import type { Readers } from '../readers/readers.ts'
import { createSerialQueue } from '../serial-queue.ts'
import type { StoredModel } from './model-store.ts'
import { runFittingJob } from './run-fitting-job.ts'
import { createSnapshot, type Snapshot } from './snapshot.ts'

/** What a snapshot owner needs. */
export interface SnapshotOwnerDeps {
  /** The snapshot to begin with. */
  first: Snapshot
  readers: Readers
  log: Log
}

/** Owns the snapshot in use, and replaces it when books or the model change. */
export interface SnapshotOwner {
  /** The snapshot in use. */
  readonly current: Snapshot
  /** Those of the books that are new or different from those in use or about to be used. */
  changedAmong(books: readonly Book[]): Book[]
  /** Adds books, or replaces those with the same ids. Resolves once they are in use. */
  putBooks(books: readonly Book[]): Promise<void>
  /** Replaces the model. Rejects with a `ModelFileError` where it is damaged, and keeps the one in use. */
  useModel(model: StoredModel): Promise<void>
  /** Aborts an update that runs, and starts no other. */
  stop(): Promise<void>
}

// Changes come in bursts, and one fitting serves them all.
const gatherMs = 250

/** Creates the owner of the snapshot in use. */
export function createSnapshotOwner({ first, readers, log }: SnapshotOwnerDeps): SnapshotOwner {
  const stopping = new AbortController()
  const { signal } = stopping
  const updates = createSerialQueue(signal)
  const books = new Map(first.bookIndex.books.map((book) => [book.id, book]))
  // Puts are counted: the first of many in a row indexes the books of all.
  let [putCount, indexedPuts] = [0, 0]
  let current = first

  async function update(stored: StoredModel | undefined): Promise<void> {
    const upTo = putCount
    const bookIndex = upTo === indexedPuts ? current.bookIndex : createBookIndex([...books.values()])
    const fitted = stored && (await fit(stored))
    const next = await createSnapshot(bookIndex, readers, fitted)
    signal.throwIfAborted()

    const isChanged = bookIndex !== current.bookIndex
    current = next
    indexedPuts = upTo
    if (isChanged) log.info({ books: bookIndex.books.length }, 'books were added or changed')

    async function fit({ name, bytes: trained }: StoredModel) {
      const { model, bytes } = await runFittingJob(trained, bookIndex, signal)
      return { model, stored: { name, bytes } }
    }
  }

  return {
    get current() {
      return current
    },
    changedAmong: (some) => some.filter((book) => !isSame(book, books.get(book.id))),
    putBooks(some) {
      for (const book of some) books.set(book.id, book)
      const own = ++putCount
      return updates.run(async () => {
        if (indexedPuts >= own) return
        await pause(gatherMs, undefined, { signal })
        await update(current.stored)
      })
    },
    useModel: (model) => updates.run(() => update(model)),
    async stop() {
      stopping.abort()
      await updates.idle()
    },
  }
}

function isSame(one: Book, other: Book | undefined): boolean {
  const { title, author, year, category } = one
  return other?.title === title && other.author === author && other.year === year && other.category === category
}
