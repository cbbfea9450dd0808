import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database } from '@books/runtime'
import { openMemoryDatabase } from '@books/runtime/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Kysely } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { findEra } from '../era.ts'
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

    expect(await Array.fromAsync(store.listBooks())).toEqual([falcon, { ...dune, title: 'Dune Messiah', year: 1969 }])
    expect(await store.findRevision()).toBe(2 ** 40)
  })

  it('are not overwritten by a process that is behind another', async () => {
    const store = createBookStore(tables)
    await store.save([{ ...dune, title: 'Dune Messiah' }], 6)

    await store.save([dune], 5)

    expect((await Array.fromAsync(store.listBooks())).map(({ title }) => title)).toEqual(['Dune Messiah'])
    expect(await store.findRevision()).toBe(6)
  })

  it('are stored all or none', async () => {
    const store = createBookStore(tables)
    const many = Array.from({ length: 1_200 }, (_, index) => ({ ...dune, id: index + 1 }))

    await expect(store.save(many.with(1_199, { ...dune, id: 2 ** 40 }), 5)).rejects.toThrow('out of range')

    expect(await Array.fromAsync(store.listBooks())).toEqual([])
    expect(await store.findRevision()).toBe(0)
  })

  it('start from revision 0 again only where the stored revision is the higher one', async () => {
    const store = createBookStore(tables)
    await store.save([falcon], 5)

    await store.resetRevision(5)
    const before = [await store.findRevision(), await findEra(tables)]
    await store.resetRevision(4)

    expect(before).toEqual([5, 0])
    // Books of the revisions before cannot be told from later ones.
    expect([await store.findRevision(), await findEra(tables)]).toEqual([0, 1])
  })

  it('are listed by the revision with which they were stored', async () => {
    const store = createBookStore(tables)
    await store.save([falcon, dune], 5)
    await store.save([{ ...dune, title: 'Dune Messiah' }], 6)

    const changed = await Promise.all([4, 5, 6].map(store.listChanged))

    expect(changed.map((books) => books.map(({ title }) => title))).toEqual([
      ['The Maltese Falcon', 'Dune Messiah'],
      ['Dune Messiah'],
      [],
    ])
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
    await tables
      .insertInto('models')
      .values({ bytes: Uint8Array.of(1) })
      .execute()

    const { error } = await migrator.migrateToLatest()

    expect(error).toBeUndefined()
    const kept = await Array.fromAsync(createBookStore(tables).listBooks())
    expect(kept.map(({ id }) => id)).toEqual([firstImportedId + 313, 1])
    expect(
      (await Array.fromAsync(createInteractionStore(tables).listInteractions())).map(({ bookId }) => bookId),
    ).toEqual([1, firstImportedId + 313])
    expect(await tables.selectFrom('models').selectAll().execute()).toEqual([])
  })
})
