import type { InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import type { SnapshotOwner } from '../model/snapshot-owner.ts'
import type { Book } from './book.ts'
import type { BookStore } from './book-store.ts'
import { createBookReader } from './inventory-books.ts'

/** What following inventory needs. */
export interface FollowInventoryDeps {
  inventory: Pick<Client<typeof InventoryServiceService>, 'watchBooks'>
  books: BookStore
  /** Books that are stored and not in the snapshot in use. */
  changedBooks?: readonly Book[]
  /** The revision of inventory that the stored books have. */
  revision: number
  snapshots: SnapshotOwner
  log: Log
  /** How long a call lasts before another takes its place. */
  callMs?: number
}

/**
 * Follows the books of inventory: each change is stored in the service's own tables, with its revision, and then put into
 * the snapshot. While inventory is unavailable the books stay as they are. No request waits for it.
 */
export function followInventory(deps: FollowInventoryDeps): { stop(): Promise<void> } {
  const { inventory, books, changedBooks = [], snapshots, log } = deps
  const readBooks = createBookReader(log)
  let isStopping = false

  const following = followRevisions({
    name: 'inventory',
    watch: inventory.watchBooks,
    // An inventory that lost its data counts revisions from the start; the books stored before stay.
    startOver: books.resetRevision,
    ...{ revision: deps.revision, log, callMs: deps.callMs },
    async take(messages, revision) {
      const gathered = new Map(messages.flatMap((message) => readBooks(message.books)).map((book) => [book.id, book]))
      const changed = snapshots.changedAmong([...gathered.values()])
      await books.save(changed, revision)
      put(changed, revision)
    },
  })

  // Not awaited: more books are taken while the snapshot is made.
  function put(changed: readonly Book[], revision: number): void {
    if (changed.length === 0) return
    snapshots.putBooks(changed, revision).catch((err) => {
      if (!isStopping) log.error({ err }, 'changed books could not be put into use')
    })
  }

  put(changedBooks, deps.revision)
  return {
    stop() {
      isStopping = true
      return following.stop()
    },
  }
}
