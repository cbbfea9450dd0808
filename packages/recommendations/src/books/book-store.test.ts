import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database } from '@books/runtime'
import { openMemoryDatabase } from '@books/runtime/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Kysely } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { createModelTable } from '../model/model-store.ts'
import { createInteractionStore } from '../readers/interaction-store.ts'
import type { Tables } from '../tables.ts'
import type { Book } from './book.ts'
import { firstImportedId } from './book-ids.ts'
import { createBookStore } from './book-store.ts'

const falcon: Book = { id: 1, title: 'The Maltese Falcon', author: 'Dashiell Hammett', year: 1930, category: 'MYSTERY' }
const dune: Book = { id: 2, title: 'Dune', author: 'Frank Herbert', year: 1965, category: 'SCIENCE_FICTION' }
const migrations = new URL('../../migrations/', import.meta.url)

let database: Database
let tables: Kysely<Tables>
beforeAll(async () => {
  database = await openMemoryDatabase()
  tables = await database.open<Tables>('recommendations', migrations)
})
afterAll(() => database.close())
beforeEach(async () => {
  await tables.deleteFrom('books').execute()
  await tables.updateTable('followed').set({ revision: 0 }).execute()
})

describe('the books of inventory', () => {
  it('are stored with their revision, in place of older versions', async () => {
    const store = createBookStore(tables)

    await store.save([falcon, dune], 5)
    await store.save([{ ...dune, title: 'Dune Messiah', year: 1969 }], 2 ** 40)

    expect(await store.listBooks()).toEqual([falcon, { ...dune, title: 'Dune Messiah', year: 1969 }])
    expect(await store.findRevision()).toBe(2 ** 40)
  })

  it('are not overwritten by a process that is behind another', async () => {
    const store = createBookStore(tables)
    await store.save([{ ...dune, title: 'Dune Messiah' }], 6)

    await store.save([dune], 5)

    expect((await store.listBooks()).map(({ title }) => title)).toEqual(['Dune Messiah'])
    expect(await store.findRevision()).toBe(6)
  })

  it('are stored all or none', async () => {
    const store = createBookStore(tables)
    const many = Array.from({ length: 1_200 }, (_, index) => ({ ...dune, id: index + 1 }))

    await expect(store.save(many.with(1_199, { ...dune, id: 2 ** 40 }), 5)).rejects.toThrow('out of range')

    expect(await store.listBooks()).toEqual([])
    expect(await store.findRevision()).toBe(0)
  })

  it('start from revision 0 again only where the stored revision is the higher one', async () => {
    const store = createBookStore(tables)
    await store.save([falcon], 5)

    await store.resetRevision(5)
    const before = await store.findRevision()
    await store.resetRevision(4)

    expect([before, await store.findRevision()]).toEqual([5, 0])
  })
})

describe('imported books', () => {
  it('get ids above those of inventory, and their interactions follow', async () => {
    const provider = new FileMigrationProvider({ fs, path, migrationFolder: fileURLToPath(migrations) })
    const migrator = new Migrator({ db: tables, provider, migrationTableSchema: 'recommendations' })
    const did = { readerId: 7, kind: 'liked', rating: 0, time: new Date(0) } as const
    await migrator.migrateTo('0003-models')
    await createBookStore(tables).add([{ ...dune, id: 313, key: 'B0001' }])
    await tables.insertInto('books').values(falcon).execute()
    await createInteractionStore(tables).record([
      { id: 'a', bookId: 1, ...did },
      { id: 'b', bookId: 313, ...did },
    ])
    const lease = await createModelTable(tables).acquireLease()
    await lease?.save(Uint8Array.of(1))

    const { error } = await migrator.migrateToLatest()

    expect(error).toBeUndefined()
    expect((await createBookStore(tables).listBooks()).map(({ id }) => id)).toEqual([1, firstImportedId + 313])
    expect(
      (await Array.fromAsync(createInteractionStore(tables).listInteractions())).map(({ bookId }) => bookId),
    ).toEqual([1, firstImportedId + 313])
    expect(await createModelTable(tables).findNewest()).toBeUndefined()
  })
})
