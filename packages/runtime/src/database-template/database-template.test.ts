import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findDatabaseTemplate } from './database-template.ts'
import { makeDatabaseTemplate } from './make-database-template.ts'

let folder: string
let archive: URL
let setUp: object[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-blank-'))
  archive = pathToFileURL(join(folder, 'made', 'blank.tar.gz'))
  await makeDatabaseTemplate(archive)
  setUp = await describeDatabase(await PGlite.create())
})
afterAll(() => rm(folder, { recursive: true }))

describe('a database that begins from the blank one', () => {
  it.each(['in memory', 'in a folder'])('is as one that was set up for itself, %s', async (where) => {
    const dataDir = where === 'in memory' ? 'memory://' : join(folder, 'data')
    const blank = await findDatabaseTemplate(archive)

    const begun = await describeDatabase(await PGlite.create({ dataDir, ...(blank && { loadDataDir: blank }) }))

    expect(blank?.size).toBeGreaterThan(0)
    expect(begun).toEqual(setUp)
  })

  it('is kept when it is opened again', async () => {
    const dataDir = join(folder, 'kept')
    const blank = await findDatabaseTemplate(archive)
    const first = await PGlite.create({ dataDir, ...(blank && { loadDataDir: blank }) })
    await first.exec(`create table notes (text text); insert into notes values ('kept')`)
    await first.close()

    const second = await PGlite.create({ dataDir })

    expect((await second.query('select text from notes')).rows).toEqual([{ text: 'kept' }])
    await second.close()
  })
})

it('is none where nobody has made it', async () => {
  expect(await findDatabaseTemplate(pathToFileURL(join(folder, 'not-made.tar.gz')))).toBeUndefined()
})

/** All that there is in a database without tables: what it is, what it is set to, and what belongs to whom. */
async function describeDatabase(pglite: PGlite) {
  const questions = [
    'select version(), datname, encoding, datcollate, datctype, datlocprovider from pg_database order by datname',
    'select name, setting from pg_settings order by name',
    'select rolname, rolsuper, rolcanlogin from pg_roles order by rolname',
    'select nspname from pg_namespace order by nspname',
    'select relname, relkind, relnamespace::regnamespace::text from pg_class order by relnamespace, relname',
  ]
  const answers = []
  for (const question of questions) answers.push((await pglite.query(question)).rows)
  await pglite.close()
  return answers
}
