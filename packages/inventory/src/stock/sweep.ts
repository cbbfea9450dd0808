import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@books/runtime'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { mostLeft } from './availability.ts'
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
  everyMs: number
}

const reservationsInBatch = 100
const stopWithinMs = 3_000

/**
 * Releases expired reservations, and publishes what a process left that ended between a change of stock and its publishing: at once,
 * and then every so often. Several processes may do so at the same time.
 */
export function startSweep(deps: SweepDeps): { stop(): Promise<void> } {
  const { availability, log, everyMs } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  let isFailing = false

  async function keepSweeping(): Promise<void> {
    while (!signal.aborted) {
      try {
        await sweep(deps, signal)
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

/** Sweeps once. */
export async function sweep(
  { reservations, availability, tables, now }: SweepDeps,
  signal?: AbortSignal,
): Promise<void> {
  for (let isMore = true; isMore && !signal?.aborted; ) {
    const changes = await reservations.expire(now(), reservationsInBatch)
    availability.publish(changes)
    isMore = changes.length > 0
  }
  await repairBooks(tables)
}

/** Gives stock to books that a version without it added, and publishes what was not. */
async function repairBooks(tables: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ id: number; hasStock: boolean }>`
    select id, free is not null as "hasStock" from inventory.books left join inventory.stock on book_id = id
    where free is null or copies_shown <> least(free, ${mostLeft + 1}::integer)
  `.execute(tables)
  const added = rows.filter(({ hasStock }) => !hasStock)
  if (added.length > 0)
    await addStock(
      tables,
      added.map(({ id }) => id),
    )
  if (rows.length > 0)
    await showCopies(
      tables,
      rows.map(({ id }) => id),
    )
}
