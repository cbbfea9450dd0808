import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemoryDatabase } from '@books/runtime/testing'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { Tables } from '../tables.ts'
import { createModelFile } from './model-file-store.ts'
import { createModelInMemory, type ModelStore } from './model-store.ts'
import { createModelTable } from './model-table-store.ts'

const opened = new AsyncDisposableStack()
afterAll(() => opened.disposeAsync())

describe.each([
  ['a table', 3, openTable],
  ['a file', 1, openFile],
  ['memory', 1, async () => createModelInMemory()],
])('models in %s', (_where, kept, open) => {
  it(`keep the newest ${kept}, newest first`, async () => {
    const models = await open()
    expect(await models.findNewest()).toBeUndefined()
    expect(await namesOf(models)).toEqual([])

    const lease = await models.acquireLease()
    for (const byte of [1, 2, 3, 4, 5]) await lease?.save(Uint8Array.of(byte))
    await lease?.release()

    const found = await Array.fromAsync(models.listModels())
    expect(found.map(({ bytes }) => bytes[0])).toEqual([5, 4, 3].slice(0, kept))
    expect(await models.findNewest()).toBe(found[0]?.name)
  })

  it('are trained by the holder of the lease alone', async () => {
    const models = await open()

    const first = await models.acquireLease()
    const second = await models.acquireLease()
    await first?.release()
    const third = await models.acquireLease()

    expect([first, second, third].map((lease) => lease !== undefined)).toEqual([true, false, true])
    await third?.release()
  })
})

describe.each([
  ['a table', openTable],
  ['a file', openFile],
])('a snapshot in %s', (_where, open) => {
  it('is read as it was stored, in pieces of at most a MiB, as each is taken in one turn of the event loop', async () => {
    const models = await open()
    const lease = await models.acquireLease()
    const bytes = Buffer.alloc(2.5 * 2 ** 20, 'snapshot')

    await lease?.saveSnapshot([bytes])
    await lease?.release()

    const found = await models.findSnapshot()
    // A piece is valid until the next is asked for.
    const pieces = await Array.fromAsync(found?.pieces ?? [], (piece) => Buffer.from(piece))
    expect(found?.size).toBe(bytes.length)
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    expect(Math.max(...pieces.map(({ length }) => length))).toBe(2 ** 20)
  })
})

describe('a lease on the table', () => {
  it('is lost once it has expired, and then stores nothing', async () => {
    const { models, tables } = await openTables()
    const dead = await models.acquireLease()
    await tables
      .updateTable('training_claims')
      .set({ until: new Date(0) })
      .execute()

    const successor = await models.acquireLease()

    expect(successor).toBeDefined()
    await expect(dead?.save(Uint8Array.of(1))).rejects.toThrow('another process holds the training lease now')
    expect(await namesOf(models)).toEqual([])
  })
})

describe('a model file', () => {
  it('that cannot be read is an error, not a missing file', async () => {
    const folder = await emptyFolder()
    await writeFile(join(folder, 'file'), '')

    const models = createModelFile(join(folder, 'file', 'model'))

    await expect(models.findNewest()).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})

async function openTables() {
  const database = await openMemoryDatabase()
  opened.defer(database.close)
  const tables = await database.open<Tables>('recommendations', new URL('../../migrations/', import.meta.url))
  return { tables, models: createModelTable(tables) }
}

async function openTable(): Promise<ModelStore> {
  return (await openTables()).models
}

async function openFile(): Promise<ModelStore> {
  return createModelFile(join(await emptyFolder(), 'model'))
}

async function emptyFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'books-model-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function namesOf(models: ModelStore) {
  return (await Array.fromAsync(models.listModels())).map(({ name }) => name)
}
