import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { findPostgres, openMemoryDatabase, openServerDatabase } from '../../testing/index.ts'

interface Tables {
  notes: { id: number; text: string }
}

const migrations = new URL('./database.fixture/', import.meta.url)
const calls = new AsyncLocalStorage<AbortSignal>()
const options = { callerSignal: () => calls.getStore() }
const left = new Error('the caller left')

describe.each([['embedded', openMemoryDatabase], ...(findPostgres() ? [['server', openServerDatabase] as const] : [])])(
  'a caller that left (%s)',
  (_, open) => {
    it('has no statement sent', async () => {
      await using database = await open(options)
      const notes = await database.open<Tables>('ours', migrations)
      const caller = new AbortController()

      await calls.run(caller.signal, () => write(notes, 1))
      caller.abort(left)

      await expect(calls.run(caller.signal, () => write(notes, 2))).rejects.toBe(left)
      expect(await idsIn(notes)).toEqual([1])
    })

    it.each(['between two statements', 'before the commit'])('has its transaction rolled back, %s', async (when) => {
      await using database = await open(options)
      const notes = await database.open<Tables>('ours', migrations)
      const caller = new AbortController()

      const transaction = calls.run(caller.signal, () =>
        notes.transaction().execute(async (transaction) => {
          await write(transaction, 1)
          caller.abort(left)
          if (when === 'between two statements') await write(transaction, 2)
        }),
      )

      await expect(transaction).rejects.toBe(left)
      expect(await idsIn(notes)).toEqual([])
    })

    it('has no transaction begun', async () => {
      await using database = await open(options)
      const notes = await database.open<Tables>('ours', migrations)
      let isBegun = false

      const transaction = calls.run(AbortSignal.abort(left), () =>
        notes.transaction().execute(async () => {
          isBegun = true
        }),
      )

      await expect(transaction).rejects.toBe(left)
      expect(isBegun).toBe(false)
    })
  },
)

;(findPostgres() ? describe : describe.skip)('a caller that leaves, on a server', () => {
  it('has its statement cancelled, and its connection serves the next', async () => {
    await using database = await openServerDatabase(options)
    const notes = await database.open<Tables>('ours', migrations)
    await write(notes, 1)
    const caller = new AbortController()
    const done = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const lock = notes.transaction().execute(async (transaction) => {
      await change(transaction, 1)
      locked.resolve()
      await done.promise
    })
    await locked.promise

    const waiting = calls.run(caller.signal, () => change(notes, 1))
    const [pid] = await untilWaiting(notes, 1)
    caller.abort(left)

    await expect(waiting).rejects.toBe(left)
    await untilWaiting(notes, 0)
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(notes)
    expect(rows).toEqual([{ pid }])
    done.resolve()
    await lock
  })

  it('waits no longer for a connection, and leaves its place in the queue', async () => {
    await using database = await openServerDatabase(options)
    const notes = await database.open<Tables>('ours', migrations)
    const caller = new AbortController()
    const done = Promise.withResolvers<void>()
    const held = await holdAll(notes, done.promise)

    const waiting = calls.run(caller.signal, () => write(notes, 1))
    const next = write(notes, 2)
    caller.abort(left)

    await expect(waiting).rejects.toBe(left)
    done.resolve()
    await Promise.all([...held, next])
    expect(await idsIn(notes)).toEqual([2])
  })

  it('has a commit that was sent carried out', async () => {
    await using database = await openServerDatabase(options)
    const notes = await database.open<Tables>('ours', migrations)
    await sql`
      create function ours.wait_for_lock() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(1); return null; end $$`.execute(notes)
    await sql`
      create constraint trigger slow after insert on ours.notes deferrable initially deferred
      for each row execute function ours.wait_for_lock()`.execute(notes)
    const caller = new AbortController()
    const done = Promise.withResolvers<void>()
    const locked = Promise.withResolvers<void>()
    const lock = notes.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(1)`.execute(transaction)
      locked.resolve()
      await done.promise
    })
    await locked.promise

    const committing = calls.run(caller.signal, () =>
      notes.transaction().execute((transaction) => write(transaction, 1)),
    )
    await untilWaiting(notes, 1)
    caller.abort(left)
    done.resolve()

    await expect(committing).resolves.toBeDefined()
    expect(await idsIn(notes)).toEqual([1])
    await lock
  })
})

function write(tables: Kysely<Tables>, id: number) {
  return tables.insertInto('notes').values({ id, text: 'written' }).execute()
}

function change(tables: Kysely<Tables>, id: number) {
  return tables.updateTable('notes').set({ text: 'changed' }).where('id', '=', id).execute()
}

async function idsIn(tables: Kysely<Tables>) {
  const rows = await tables.selectFrom('notes').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** Resolves to the processes of the server that wait for a lock, once there are this many. */
async function untilWaiting(tables: Kysely<Tables>, count: number): Promise<number[]> {
  for (;;) {
    const { rows } = await sql<{ pid: number }>`
      select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(tables)
    if (rows.length === count) return rows.map(({ pid }) => pid)
    await delay(5)
  }
}

/** Holds every connection of the pool until the promise resolves. */
async function holdAll(tables: Kysely<Tables>, until: Promise<void>): Promise<Promise<void>[]> {
  const held: Promise<void>[] = []
  for (let count = 0; count < 10; count++) {
    const taken = Promise.withResolvers<void>()
    held.push(
      tables.connection().execute(() => {
        taken.resolve()
        return until
      }),
    )
    await taken.promise
  }
  return held
}
