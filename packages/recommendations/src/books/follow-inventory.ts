import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import type { InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import type { Serving } from '../model/serving.ts'
import type { Book } from './book.ts'
import type { BookStore } from './book-store.ts'
import { createBookReader } from './inventory-books.ts'

/** What following inventory needs. */
export interface FollowInventoryDeps {
  inventory: Pick<Client<typeof InventoryServiceService>, 'watchBooks'>
  /** Keeps the last copy. */
  books: BookStore
  /** The revision that the last copy goes up to. */
  revision: number
  serving: Serving
  log: Log
  /** How long a call lasts before another takes its place. */
  callMs?: number
}

const defaultCallMs = 5 * 60_000
const shortestPauseMs = 100
const longestPauseMs = 5_000
// What has come is kept after this long, even where inventory has more to tell.
const gatherMs = 2_000

/**
 * Keeps the shelves as inventory has them: each change goes into the service's own tables, with its revision, and then on
 * the shelves. While inventory is away, or makes no sense, they stay as they are. Nobody waits for it.
 */
export function followInventory(deps: FollowInventoryDeps): { stop(): Promise<void> } {
  const { inventory, books, serving, log, callMs = defaultCallMs } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  const readBooks = createBookReader(log)
  let { revision } = deps
  let isAway: boolean | undefined

  /** Makes one call and takes all that it tells. Rejects where it ends before everything was told. */
  async function watch(): Promise<void> {
    const gathered = new Map<number, Book>()
    let gatheredSince = 0
    let isCurrent = false

    try {
      for await (const told of inventory.watchBooks({ afterRevision: revision }, { deadlineMs: callMs, signal })) {
        if (told.revision < revision) await beginAnew(told.revision)
        if (gathered.size === 0) gatheredSince = performance.now()
        for (const book of readBooks(told.books)) gathered.set(book.id, book)
        if (!told.isCurrent && performance.now() - gatheredSince < gatherMs) continue

        await take([...gathered.values()], told.revision)
        gathered.clear()
        if (told.isCurrent) {
          isCurrent = true
          noteBack()
        }
      }
      if (!isCurrent) throw new Error('inventory ended before it had told everything')
    } catch (error) {
      // One that ends later has run its course: the next begins where it got to, and says so if that does not work.
      if (!isCurrent) throw error
    }
  }

  async function take(told: readonly Book[], upTo: number): Promise<void> {
    const news = serving.newsAmong(told)
    if (news.length > 0 || upTo > revision) await books.keep(news, upTo)
    revision = upTo
    if (news.length === 0) return
    // More may come in while these are on their way.
    serving.putBooks(news).catch((err) => {
      if (!signal.aborted) log.error({ err }, 'books could not be put on the shelves')
    })
  }

  // An inventory that lost its data, or another one, counts from the start; what is kept of the one before stays.
  async function beginAnew(highest: number): Promise<never> {
    await books.beginAnew(highest)
    const before = revision
    revision = 0
    throw new Error(`inventory is at revision ${highest} and was at ${before}: everything is asked for anew`)
  }

  function noteAway(err: unknown): void {
    if (signal.aborted || isAway) return
    isAway = true
    log.warn({ err }, 'inventory is away: the books stay as they are')
  }

  function noteBack(): void {
    if (isAway === false) return
    isAway = false
    log.info({ revision }, 'follows inventory')
  }

  async function follow(): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now()
      await watch().catch(noteAway)
      failures = performance.now() - began > longestPauseMs ? 0 : failures + 1
      const longest = Math.min(longestPauseMs, shortestPauseMs * 2 ** failures)
      // Not all replicas at once.
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
