import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@books/runtime'
import { findPostgres, openServerDatabase, silentLog } from '@books/runtime/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { loadState } from '../load-state.ts'
import { createStoreInMemory } from '../store.fixture.ts'
import type { Tables } from '../tables.ts'
import { createInteractionReader, followInteractions } from './follow-interactions.ts'
import { preferencesOf } from './history.ts'
import type { Interaction } from './interaction.ts'
import { createInteractionStore } from './interaction-store.ts'
import { createReaders, type Readers } from './readers.ts'

const everyMs = 2
const cleanup: (() => void)[] = []
afterEach(() => {
  for (const stop of cleanup.splice(0)) stop()
})

describe('what other processes record', () => {
  it('is added within one poll', async () => {
    const { store, readers } = follow()

    await store.record([liked(1)])
    await until(() => likedBy(readers, 7).includes(1))
    await store.record([liked(2)])
    await until(() => likedBy(readers, 7).includes(2))

    expect(likedBy(readers, 7)).toEqual([2, 1])
  })

  it('is read again only when there are more', async () => {
    const { store, readers, counts } = follow()
    await store.record([liked(1)])
    await until(() => likedBy(readers, 7).includes(1))
    await polls(counts, 3)

    const { lists } = counts
    await polls(counts, 5)

    expect(counts.lists).toBe(lists)
  })
})

// Where a machine has no PostgreSQL these are reported as skipped; CI always has it.
;(findPostgres() ? describe : describe.skip)('what other processes record on a database server', () => {
  it('is added where it commits after what was recorded later, however much that is', async () => {
    await using database = await openServerDatabase()
    const tables = await openTables(database)
    const { readers } = follow(createInteractionStore(tables))
    const late = await begin(tables, liked(1))

    const others = Array.from({ length: 1_500 }, (_, index) => ({ ...liked(2), id: `other-${index}`, readerId: 8 }))
    await createInteractionStore(tables).record(others)
    await until(() => likedBy(readers, 8).includes(2))
    const before = likedBy(readers, 7)
    await late.commit()
    await until(() => likedBy(readers, 7).includes(1))

    expect(before).toEqual([])
  })

  it('is added where it commits after another process has loaded everything', async () => {
    await using database = await openServerDatabase()
    const tables = await openTables(database)
    const late = await begin(tables, liked(1))
    await createInteractionStore(tables).record([liked(2)])

    const { readers, interactions } = await loadState({ tables, database }, { DEMO_READERS: false }, silentLog)
    const before = likedBy(readers, 7)
    cleanup.push(followInteractions(interactions, silentLog, everyMs))
    await late.commit()
    await until(() => likedBy(readers, 7).includes(1))

    expect(before).toEqual([2])
  })

  it('is recorded in one transaction with one lock, however often', async () => {
    await using database = await openServerDatabase()
    const tables = await openTables(database)

    await tables.transaction().execute(async (transaction) => {
      const store = createInteractionStore(transaction)
      for (let id = 1; id <= 10; id++) await store.record([liked(id)])

      const { rows } = await sql`select 1 from pg_locks where locktype = 'advisory'`.execute(transaction)
      expect(rows).toHaveLength(1)
    })
  })
})

function openTables(database: Database) {
  return database.open<Tables>('recommendations', new URL('../../migrations/', import.meta.url))
}

/** Records an interaction in a transaction that stays open. */
async function begin(tables: Kysely<Tables>, interaction: Interaction): Promise<{ commit(): Promise<void> }> {
  const recorded = Promise.withResolvers<void>()
  const ending = Promise.withResolvers<void>()
  const transaction = tables.transaction().execute(async (own) => {
    await createInteractionStore(own).record([interaction])
    recorded.resolve()
    await ending.promise
  })
  await Promise.race([recorded.promise, transaction])
  return {
    commit() {
      ending.resolve()
      return transaction
    },
  }
}

function follow(store = createStoreInMemory()) {
  const readers = createReaders()
  const counts = { lists: 0, polls: 0 }
  const counted = {
    ...store,
    listInteractions(after?: number) {
      counts.lists += 1
      return store.listInteractions(after)
    },
    summarize(after: number) {
      counts.polls += 1
      return store.summarize(after)
    },
  }
  cleanup.push(followInteractions(createInteractionReader(counted, readers, 0), silentLog, everyMs))
  return { store, readers, counts }
}

/** Resolves after some more polls. */
async function polls(counts: { polls: number }, more: number): Promise<void> {
  const wanted = counts.polls + more
  await until(() => counts.polls >= wanted)
}

function likedBy(readers: Readers, readerId: number): number[] {
  return preferencesOf(readers.historyOf(readerId)).liked.bookIds
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(everyMs)
}

function liked(bookId: number): Interaction {
  return { id: `liked-${bookId}`, readerId: 7, bookId, kind: 'liked', rating: 0, time: new Date(bookId) }
}
