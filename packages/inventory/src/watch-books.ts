import type { WatchBooksRequest, WatchBooksResponse } from '@books/proto'
import { type Call, invalidArgument } from '@books/rpc'
import { toMessage } from './book-message.ts'
import type { BookStore } from './book-store.ts'
import type { Changes } from './changes.ts'

// Far below the 4 MiB that a message may have, however long its titles are.
const booksInMessage = 500

/** Streams the books that are there and then each change: every watcher reads from the store, at a pace of its own. */
export function createWatchBooks(store: BookStore, changes: Changes) {
  return async function* ({ afterRevision }: WatchBooksRequest, call: Call): AsyncGenerator<WatchBooksResponse> {
    if (afterRevision < 0) throw invalidArgument('after_revision', 'must not be negative')
    // A revision from the future is one of another store.
    let revision = afterRevision > (await store.newestRevision()) ? 0 : afterRevision
    let isTold = false

    for (;;) {
      changes.requireRunning()
      const books = await store.listChanged(revision, booksInMessage)
      const isCurrent = books.length < booksInMessage
      revision = books.at(-1)?.revision ?? revision
      if (books.length > 0 || !isTold) yield { books: books.map(toMessage), revision, isCurrent }
      isTold = isCurrent
      if (isCurrent) await changes.newerThan(revision, call.signal)
    }
  }
}
