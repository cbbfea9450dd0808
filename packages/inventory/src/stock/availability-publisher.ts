import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from '@books/runtime'
import type { Kysely } from 'kysely'
import { writeBooks } from '../book-writer.ts'
import type { Tables } from '../tables.ts'
import { isShown } from './availability.ts'
import type { FreeChange } from './move-copies.ts'

/** Writes the availability that pages show to the books, which tells it to the watchers. */
export interface AvailabilityPublisher {
  /** Begins to publish committed changes that pages show, and what failed before. */
  publish(changes: readonly FreeChange[]): void
  /** Resolves once everything so far is published, or has failed. */
  idle(): Promise<void>
}

/**
 * Creates a publisher. It writes in transactions of its own, as all that change books wait for each other, which reservations must
 * not do; one transaction publishes what came meanwhile.
 */
export function createAvailabilityPublisher(tables: Kysely<Tables>, log: Log): AvailabilityPublisher {
  const bookIds = new Set<number>()
  // The call that changed stock may end before this does.
  const outsideOfCalls = AsyncLocalStorage.snapshot()
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (bookIds.size > 0) {
      const some = [...bookIds]
      bookIds.clear()
      try {
        await showCopies(tables, some)
      } catch (err) {
        log.warn({ err }, 'the availability of books was not published; the next sweep tries again')
        for (const id of some) bookIds.add(id)
        break
      }
    }
    running = undefined
  }

  return {
    publish(changes) {
      for (const change of changes) if (isShown(change)) bookIds.add(change.bookId)
      if (bookIds.size > 0) running ??= outsideOfCalls(run)
    },
    idle: () => running ?? Promise.resolve(),
  }
}

/** Writes the free copies of these books, as pages show them, to the books that show others. */
export function showCopies(tables: Kysely<Tables>, bookIds: readonly number[]): Promise<void> {
  return writeBooks(tables, (writer) => writer.showCopies(bookIds))
}
