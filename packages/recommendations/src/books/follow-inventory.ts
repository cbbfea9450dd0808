import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import type { SnapshotOwner } from '../model/snapshot-owner.ts'
import type { Book } from './book.ts'
import type { BookStore } from './book-store.ts'
import { createBookReader } from './inventory-books.ts'

/** What following inventory needs. */
export interface FollowInventoryDeps {
  inventory: Pick<Client<typeof InventoryServiceService>, 'watchBooks'>
  books: BookStore
  /** The revision of inventory that the stored books have. */
  revision: number
  snapshots: SnapshotOwner
  log: Log
  /** How long a call lasts before another takes its place. */
  callMs?: number
}

const defaultCallMs = 5 * 60_000
const minPauseMs = 100
const maxPauseMs = 5_000
// Books are stored after this long, even where inventory has more to send.
const gatherMs = 2_000

/**
 * Follows the books of inventory: each change is stored in the service's own tables, with its revision, and then put into
 * the snapshot. While inventory is unavailable the books stay as they are. No request waits for it.
 */
export function followInventory(deps: FollowInventoryDeps): { stop(): Promise<void> } {
  const { inventory, books, snapshots, log, callMs = defaultCallMs } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  const readBooks = createBookReader(log)
  let { revision } = deps
  let isUnavailable: boolean | undefined

  /** Makes one call and takes all its messages. Rejects where it ends before the books were current. */
  async function watch(): Promise<void> {
    const gathered = new Map<number, Book>()
    let gatheredSince = 0
    let isCurrent = false

    try {
      for await (const message of inventory.watchBooks({ afterRevision: revision }, { deadlineMs: callMs, signal })) {
        if (message.revision < revision) await startOver(message.revision)
        if (gathered.size === 0) gatheredSince = performance.now()
        for (const book of readBooks(message.books)) gathered.set(book.id, book)
        if (!message.isCurrent && performance.now() - gatheredSince < gatherMs) continue

        await take([...gathered.values()], message.revision)
        gathered.clear()
        if (message.isCurrent) {
          isCurrent = true
          noteAvailable()
        }
      }
      if (!isCurrent) throw new Error('inventory ended the call before it had sent everything')
    } catch (error) {
      // A call that ends after that is normal: the next one continues, and reports it if that fails.
      if (!isCurrent) throw error
    }
  }

  async function take(gathered: readonly Book[], upTo: number): Promise<void> {
    const changed = snapshots.changedAmong(gathered)
    if (changed.length > 0 || upTo > revision) await books.save(changed, upTo)
    revision = upTo
    if (changed.length === 0) return
    // Not awaited: more books are taken while the snapshot is made.
    snapshots.putBooks(changed).catch((err) => {
      if (!signal.aborted) log.error({ err }, 'changed books could not be put into use')
    })
  }

  // An inventory that lost its data counts revisions from the start; the books stored before stay.
  async function startOver(highest: number): Promise<never> {
    await books.resetRevision(highest)
    const before = revision
    revision = 0
    throw new Error(`inventory is at revision ${highest} and was at ${before}: all books are requested again`)
  }

  function noteUnavailable(err: unknown): void {
    if (signal.aborted || isUnavailable) return
    isUnavailable = true
    log.warn({ err }, 'inventory is unavailable: the books stay as they are')
  }

  function noteAvailable(): void {
    if (isUnavailable === false) return
    isUnavailable = false
    log.info({ revision }, 'follows inventory')
  }

  async function follow(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now()
      await watch().catch(noteUnavailable)
      failures = performance.now() - began > maxPauseMs ? 0 : failures + 1
      const longest = Math.min(maxPauseMs, minPauseMs * 2 ** failures)
      // With jitter, so that replicas do not call at the same time.
      await pause(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {})
    }
  }

  const following = follow()
  return {
    async stop() {
      stopping.abort()
      await following
    },
  }
}
