import { type Call, invalidArgument } from '@books/rpc'
import type { Changes } from './changes.ts'
import type { Revisions } from './revisions.ts'

/** What a service tells its watchers. */
export interface WatchDeps<Row extends { revision: number }, Response> extends Revisions {
  /** The rows after a revision, in the order of revisions. */
  listChanged(afterRevision: number, limit: number): Promise<readonly Row[]>
  /** The message with these rows, after which a watcher has this revision, and is current or not. */
  toResponse(rows: readonly Row[], revision: number, isCurrent: boolean): Response
  changes: Changes
}

// Keeps messages far below 4 MiB even where rows have long texts.
const rowsInMessage = 500

/**
 * Creates a method that streams all rows and then each change, until the caller cancels. Each watcher reads from the store at its own
 * pace, and gets what was settled when it was read. The method's `maxDeadlineMs` must be infinite.
 */
export function createWatch<Row extends { revision: number }, Response>({
  newestRevision,
  settledRevision,
  listChanged,
  toResponse,
  changes,
}: WatchDeps<Row, Response>) {
  return async function* ({ afterRevision }: { afterRevision: number }, call: Call): AsyncGenerator<Response> {
    if (afterRevision < 0) throw invalidArgument('after_revision', 'must not be negative')
    // A revision above the newest is one of another store.
    let revision = afterRevision > (await newestRevision()) ? 0 : afterRevision
    let isSent = false

    for (;;) {
      changes.requireRunning()
      // Before the rows are read: a row up to this revision that is missing then will never come.
      const settled = await settledRevision?.()
      const changed = await listChanged(revision, rowsInMessage)
      const rows = settled === undefined ? changed : changed.filter((row) => row.revision <= settled)
      const isCurrent = rows.length < rowsInMessage
      revision = Math.max(revision, rows.at(-1)?.revision ?? 0, isCurrent ? (settled ?? 0) : 0)
      if (rows.length > 0 || !isSent) yield toResponse(rows, revision, isCurrent)
      isSent = isCurrent
      if (isCurrent) await changes.newerThan(revision, call.signal)
    }
  }
}
