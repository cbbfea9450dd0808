import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@books/runtime'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { copiesShownOf } from './availability.ts'
import { type AvailabilityPublisher, showCopies } from './availability-publisher.ts'
import type { ReservationStore } from './reservation-store.ts'
import { addStock } from './set-stock.ts'

/** What a sweep needs. */
export interface SweepDeps {
  reservations: ReservationStore
  availability: AvailabilityPublisher
  tables: Kysely<Tables>
  now: () => Date
  log: Log
  /** How often expired reservations are released. */
  everyMs: number
  /** How often all books are looked at. */
  repairEveryMs?: number
}

const reservationsInBatch = 100
// The embedded database blocks its process for as long as a statement takes.
const booksInBatch = 2_000
const stopWithinMs = 3_000

/**
 * Releases expired reservations, at once and then every so often, and seldom publishes the availability that a process left which
 * ended between a change of stock and its publishing. Several processes may do so at the same time.
 */
export function startSweep(deps: SweepDeps): { stop(): Promise<void> } {
  const { availability, log, everyMs, repairEveryMs = 5 * 60_000 } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  let repairedAt = Number.NEGATIVE_INFINITY
  let isFailing = false

  async function keepSweeping(): Promise<void> {
    while (!signal.aborted) {
      try {
        await releaseExpired(deps, signal)
        if (performance.now() - repairedAt >= repairEveryMs) {
          await repairBooks(deps.tables, signal)
          repairedAt = performance.now()
        }
        isFailing = false
      } catch (err) {
        if (!isFailing) log.error({ err }, 'expired reservations could not be released; trying again')
        isFailing = true
      }
      await delay(everyMs, undefined, { signal }).catch(() => {})
    }
  }

  const sweeping = keepSweeping()
  return {
    async stop() {
      stopping.abort()
      const limit = new AbortController()
      // A database that does not answer holds no stop.
      const late = delay(stopWithinMs, undefined, { signal: limit.signal }).catch(() => {})
      await Promise.race([sweeping.then(availability.idle), late])
      limit.abort()
    },
  }
}

/** Releases what has expired, in batches, and publishes what that changed and what was not published before. */
export async function releaseExpired(
  { reservations, availability, now }: Pick<SweepDeps, 'reservations' | 'availability' | 'now'>,
  signal?: AbortSignal,
): Promise<void> {
  for (let isMore = true; isMore && !signal?.aborted; ) {
    const changes = await reservations.expire(now(), reservationsInBatch)
    availability.publish(changes)
    isMore = changes.length > 0
  }
}

/** Gives stock to books that a version without it added, and publishes the availability of books that show another. */
export async function repairBooks(tables: Kysely<Tables>, signal?: AbortSignal): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined && !signal?.aborted; ) {
    const { rows } = await sql<{ id: number; free: number | null; shown: number }>`
      select id, free, copies_shown as shown from inventory.books left join inventory.stock on book_id = id
      where id > ${after} order by id limit ${booksInBatch}
    `.execute(tables)
    const missing = rows.filter(({ free }) => free === null)
    const differing = rows.filter(({ free, shown }) => copiesShownOf(free ?? 0) !== shown)
    if (missing.length > 0)
      await addStock(
        tables,
        missing.map(({ id }) => id),
      )
    if (differing.length > 0)
      await showCopies(
        tables,
        differing.map(({ id }) => id),
      )
    after = rows.length === booksInBatch ? rows.at(-1)?.id : undefined
  }
}
