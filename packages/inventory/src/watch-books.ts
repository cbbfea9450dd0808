import type { WatchBooksResponse } from '@books/proto'
import type { Changes } from '@books/service/watch'
import { createWatch } from '@books/service/watch'
import { toMessage } from './book-message.ts'
import type { BookStore } from './book-store.ts'

/** Creates the method WatchBooks. Books are written one transaction after another, so what has a revision is settled. */
export function createWatchBooks({ newestRevision, listChanged }: BookStore, changes: Changes) {
  return createWatch({
    ...{ changes, newestRevision, listChanged },
    toResponse: (books, revision, isCurrent): WatchBooksResponse => ({
      books: books.map(toMessage),
      revision,
      isCurrent,
    }),
  })
}
