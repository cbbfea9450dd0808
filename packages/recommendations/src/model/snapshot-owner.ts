import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '@books/runtime'
import type { Book } from '../books/book.ts'
import type { Readers } from '../readers/readers.ts'
import { createSerialQueue } from '../serial-queue.ts'
import { createSnapshot } from './create-snapshot.ts'
import type { StoredModel } from './model-store.ts'
import type { Snapshot } from './snapshot.ts'

/** What a snapshot owner needs. */
export interface SnapshotOwnerDeps {
  /** The snapshot to begin with. */
  first: Snapshot
  readers: Pick<Readers, 'pack'>
  log: Log
}

/** Owns the snapshot in use, and replaces it when books or the model change. */
export interface SnapshotOwner {
  /** The snapshot in use. */
  readonly current: Snapshot
  /** Those of the books that are new or different from those in use or about to be used. */
  changedAmong(books: readonly Book[]): Book[]
  /** Adds books of a revision of inventory, or replaces those with the same ids. Resolves once they are in use. */
  putBooks(books: readonly Book[], revision: number): Promise<void>
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
  /** Books that are put and not in the index yet. */
  const pending = new Map<number, Book>()
  let revision = first.revision
  let current = first

  async function update(stored: StoredModel | undefined): Promise<void> {
    const changed = [...pending.values()]
    const next = await createSnapshot(
      { bookIndex: current.bookIndex, changed, revision, rows: await readers.pack(), stored },
      signal,
    )
    signal.throwIfAborted()

    current = next
    // Another version of a book may have come meanwhile.
    for (const book of changed) if (pending.get(book.id) === book) pending.delete(book.id)
    if (changed.length > 0) log.info({ books: next.bookIndex.count }, 'books were added or changed')
  }

  function findBook(id: number): Book | undefined {
    const item = current.bookIndex.itemOf(id)
    return pending.get(id) ?? (item === undefined ? undefined : current.bookIndex.bookAt(item))
  }

  return {
    get current() {
      return current
    },
    changedAmong: (some) => some.filter((book) => !isSame(book, findBook(book.id))),
    putBooks(some, newRevision) {
      for (const book of some) pending.set(book.id, book)
      revision = Math.max(revision, newRevision)
      return updates.run(async () => {
        if (pending.size === 0) return
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
