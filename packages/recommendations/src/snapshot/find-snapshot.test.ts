import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { beginEra } from '../era.ts'
import { loadState, type State } from '../load-state.ts'
import { keepLog } from '../log.fixture.ts'
import { preferencesOf } from '../readers/history.ts'
import type { Interaction } from '../readers/interaction.ts'
import { trainOn } from '../store.fixture.ts'
import type { Tables } from '../tables.ts'
import { storeModel } from './store-model.ts'

const refused = 'the snapshot is refused, and made anew'
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

// Reported as skipped where the machine has no PostgreSQL; CI has one.
const engines = [
  ['an embedded database', openFolder],
  ...(findPostgres() ? [['a server', openServer] as const] : []),
] as const

describe.each(engines)('the snapshot of %s', (_, open) => {
  it('has what was there, and a start from it also has what came since', async () => {
    const place = await open()
    const state = await load(place)
    await state.store.record([liked(7, 1, 10), liked(8, 3, 10)])
    const name = await save(state)
    await state.store.record([liked(7, 2, 20)])
    await state.books.save([dune], 5)

    const again = await load(place)

    expect(again).toMatchObject({ isStored: true, changedBooks: [dune] })
    expect(likedBy(again, 7)).toEqual([2, 1])
    expect(likedBy(again, 8)).toEqual([3])
    expect(again.first).toMatchObject({ model: { origin: { readerCount: 2 } }, stored: { name } })
    expect(again.first.bookIndex.listBooks()).toEqual(state.first.bookIndex.listBooks())
    expect(linesOf(refused)).toEqual([])
  })

  it('is not used after something was removed from the database, such as by an import', async () => {
    const place = await open()
    const state = await load(place)
    await state.store.record([liked(7, 1, 10)])
    await save(state)
    const tables = await tablesOf(place)
    await tables.deleteFrom('interactions').execute()
    await beginEra(tables)

    const again = await load(place)

    expect([again.isStored, likedBy(again, 7)]).toEqual([false, []])
    expect(linesOf(refused)).toEqual([expect.objectContaining({ reason: 'it is older than the last import' })])
  })

  it('is not stored by a process that still has what was removed', async () => {
    const place = await open()
    const state = await load(place)

    await beginEra(await tablesOf(place))

    await expect(state.capture(state.first)).rejects.toThrow('restart the service')
  })

  it('of another database is not used', async () => {
    const place = await open()
    const state = await load(place)
    await state.store.record([liked(7, 1, 10)])
    await save(state)
    const tables = await tablesOf(place)
    await tables.updateTable('interactions').set({ id: 'another' }).execute()

    const again = await load(place)

    expect([again.isStored, likedBy(again, 7)]).toEqual([false, [1]])
    expect(linesOf(refused)).toEqual([expect.objectContaining({ reason: 'it belongs to another database' })])
  })
})

describe('the file of a snapshot', () => {
  it('that is damaged is named, and everything is read from the database', async () => {
    const place = await openFolder()
    const state = await load(place)
    await state.store.record([liked(7, 1, 10)])
    await save(state)
    const file = join(place.folder ?? '', 'recommendations', 'model.snapshot')
    const bytes = await readFile(file)
    await writeFile(file, bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1))

    const again = await load(place)

    expect([again.isStored, likedBy(again, 7)]).toEqual([false, [1]])
    expect(linesOf(refused)).toEqual([
      { snapshot: expect.stringContaining(file), reason: 'it is damaged: its checksum does not match' },
    ])
  })

  it('stays as it was where a process ends while it writes another', async () => {
    const place = await openFolder()
    const state = await load(place)
    await state.store.record([liked(7, 1, 10)])
    await save(state)
    const file = join(place.folder ?? '', 'recommendations', 'model.snapshot')
    const before = await stat(file)

    const lease = await state.models.acquireLease()
    const writing = lease?.saveSnapshot(
      (function* () {
        yield Uint8Array.of(1, 2, 3)
        throw new Error('the process ends')
      })(),
    )
    await expect(writing).rejects.toThrow('the process ends')
    await lease?.release()

    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs)
    expect((await load(place)).isStored).toBe(true)
  })
})

const dune = { id: 2, title: 'Dune', author: 'Frank Herbert', year: 1965, category: 'SCIENCE_FICTION' } as const
let log = keepLog()
const linesOf = (message: string) => log.linesOf(message)
beforeEach(() => {
  log = keepLog()
})

interface Place {
  database: Database
  folder: string | undefined
}

/** An embedded database, whose files are in a folder. */
async function openFolder(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'books-snapshot-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  return { database: opened.use(await openMemoryDatabase()), folder }
}

async function openServer(): Promise<Place> {
  return { database: opened.use(await openServerDatabase()), folder: undefined }
}

function tablesOf({ database }: Place) {
  return database.open<Tables>('recommendations', new URL('../../migrations/', import.meta.url))
}

async function load(place: Place): Promise<State> {
  const { database, folder } = place
  const tables = await tablesOf(place)
  return loadState({ tables, database: { isShared: database.isShared, folder } }, { DEMO_READERS: false }, log.log)
}

/** Trains on what is recorded, and stores the model and a snapshot. Resolves to the model's name. */
async function save(state: State): Promise<string> {
  const lease = await state.models.acquireLease()
  if (!lease) throw new Error('the lease is taken')
  await state.interactions.catchUp()
  const name = await storeModel(state, await trainOn(state.readers), lease)
  await lease.release()
  return name
}

function likedBy({ readers }: State, readerId: number): number[] {
  return preferencesOf(readers.historyOf(readerId)).liked.bookIds
}

function liked(readerId: number, bookId: number, time: number): Interaction {
  return { id: `${readerId}-${bookId}`, readerId, bookId, kind: 'liked', rating: 0, time: new Date(time) }
}
