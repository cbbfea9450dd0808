import type { WatchBooksRequest, WatchBooksResponse } from '@books/proto'
import { type Call, invalidArgument } from '@books/rpc'
import { toMessage } from './book-message.ts'
import type { BookStore } from './book-store.ts'
import type { Changes } from './changes.ts'

// Keeps messages far below 4 MiB even with the longest titles.
const booksInMessage = 500

/** Creates the method WatchBooks. Each watcher reads from the store at its own pace. */
export function createWatchBooks(store: BookStore, changes: Changes) {
  return async function* ({ afterRevision }: WatchBooksRequest, call: Call): AsyncGenerator<WatchBooksResponse> {
    if (afterRevision < 0) throw invalidArgument('after_revision', 'must not be negative')
    // A revision above the newest is one of another store.
    let revision = afterRevision > (await store.newestRevision()) ? 0 : afterRevision
    let isSent = false

    for (;;) {
      changes.requireRunning()
      const books = await store.listChanged(revision, booksInMessage)
      const isCurrent = books.length < booksInMessage
      revision = books.at(-1)?.revision ?? revision
      if (books.length > 0 || !isSent) yield { books: books.map(toMessage), revision, isCurrent }
      isSent = isCurrent
      if (isCurrent) await changes.newerThan(revision, call.signal)
    }
  }
}
