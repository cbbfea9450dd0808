import type { Call } from '@books/rpc'
import { type Database, takeNumber } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { createWatch, followChanges, revisionsOf } from './index.ts'

interface Tables {
  notes: { revision: number; text: string }
}

const sequence = 'notes.revisions'
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const engines: [name: string, open: () => Promise<Database>][] = [['embedded', openMemoryDatabase]]
if (findPostgres()) engines.push(['server', openServerDatabase])

describe.each(engines)('a watch of rows that many write at once, on the %s database', (_, open) => {
  it('sends each row once, and passes over a number that was taken back', async () => {
    const tables = await openNotes(open)
    await write(tables, 'first')
    await expect(write(tables, 'never', () => Promise.reject(new Error('taken back')))).rejects.toThrow('taken back')
    const stream = watch(tables)

    const first = await next(stream)
    await write(tables, 'second')
    const second = await next(stream)

    expect([first, second]).toEqual([
      { texts: ['first'], revision: 2, isCurrent: true },
      { texts: ['second'], revision: 3, isCurrent: true },
    ])
    expect(await next(watch(tables, 3))).toEqual({ texts: [], revision: 3, isCurrent: true })
  })

  it('sends everything after a revision that the store never had', async () => {
    const tables = await openNotes(open)
    await write(tables, 'first')

    expect(await next(watch(tables, 2))).toEqual({ texts: ['first'], revision: 1, isCurrent: true })
  })
})

;(findPostgres() ? describe : describe.skip)('a watch of rows that many write at once', () => {
  it('sends a row that commits after a later one, in its order', async () => {
    const tables = await openNotes(openServerDatabase)
    await write(tables, 'first')
    const written = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const late = write(tables, 'late', () => {
      written.resolve()
      return goOn.promise
    })
    await written.promise
    await write(tables, 'quick')

    const stream = watch(tables)
    const before = await next(stream)
    goOn.resolve()
    await late
    const after = await next(stream)

    expect([before, after]).toEqual([
      { texts: ['first'], revision: 1, isCurrent: true },
      { texts: ['late', 'quick'], revision: 3, isCurrent: true },
    ])
  })

  it('does not start over where a writer that began earlier has its lock later', async () => {
    const tables = await openNotes(openServerDatabase)
    await write(tables, 'first')

    const sent = await tables.transaction().execute(async (transaction) => {
      // Its key was read before the first note took its number.
      await sql`select pg_advisory_xact_lock_shared(hashtext(${sequence}), 0)`.execute(transaction)
      return next(watch(tables, 1))
    })

    expect(sent).toEqual({ texts: [], revision: 1, isCurrent: true })
  })
})

async function openNotes(open: () => Promise<Database>): Promise<Kysely<Tables>> {
  const database = opened.use(await open())
  return database.open<Tables>('notes', new URL('./notes.fixture/', import.meta.url))
}

/** Writes a note in a transaction that ends after `then`. */
function write(tables: Kysely<Tables>, text: string, then = () => Promise.resolve()): Promise<void> {
  return tables.transaction().execute(async (transaction) => {
    const revision = await takeNumber(transaction, sequence)
    await transaction.insertInto('notes').values({ revision, text }).execute()
    await then()
  })
}

/** The messages of a watch that ends with the test. */
function watch(tables: Kysely<Tables>, afterRevision = 0) {
  const revisions = revisionsOf(tables, sequence)
  const changes = followChanges(revisions.settledRevision, { log: silentLog, everyMs: 1 })
  opened.defer(async () => changes.stop())
  const method = createWatch({
    ...revisions,
    changes,
    listChanged: (after, limit) =>
      tables.selectFrom('notes').selectAll().where('revision', '>', after).orderBy('revision').limit(limit).execute(),
    toResponse: (rows, revision, isCurrent) => ({ texts: rows.map(({ text }) => text), revision, isCurrent }),
  })
  return method({ afterRevision }, { signal: new AbortController().signal } as Call)
}

async function next<Message>(stream: AsyncGenerator<Message>): Promise<Message | undefined> {
  const { value, done } = await stream.next()
  return done ? undefined : value
}
