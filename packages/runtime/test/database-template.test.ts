import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findDatabaseTemplate } from '../src/database-template/database-template.ts'
import { makeDatabaseTemplate } from '../src/database-template/make-database-template.ts'

let folder: string
let archive: URL
let setUp: object[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'books-template-'))
  archive = pathToFileURL(join(folder, 'made', 'template.tar.gz'))
  await makeDatabaseTemplate(archive)
  setUp = await describeDatabase(await PGlite.create())
})
afterAll(() => rm(folder, { recursive: true }))

describe('a database that starts from the template', () => {
  it.each(['in memory', 'in a folder'])('equals one that was set up without it, %s', async (where) => {
    const dataDir = where === 'in memory' ? 'memory://' : join(folder, 'data')
    const template = await findDatabaseTemplate(archive)

    const started = await describeDatabase(await PGlite.create({ dataDir, ...(template && { loadDataDir: template }) }))

    expect(template?.size).toBeGreaterThan(0)
    expect(started).toEqual(setUp)
  })

  it('keeps its data when it is opened again', async () => {
    const dataDir = join(folder, 'kept')
    const template = await findDatabaseTemplate(archive)
    const first = await PGlite.create({ dataDir, ...(template && { loadDataDir: template }) })
    await first.exec(`create table notes (text text); insert into notes values ('kept')`)
    await first.close()

    const second = await PGlite.create({ dataDir })

    expect((await second.query('select text from notes')).rows).toEqual([{ text: 'kept' }])
    await second.close()
  })
})

it('has no template where none was made', async () => {
  expect(await findDatabaseTemplate(pathToFileURL(join(folder, 'not-made.tar.gz')))).toBeUndefined()
})

/** The version, settings, roles, schemas and relations of a database. */
async function describeDatabase(pglite: PGlite) {
  const queries = [
    'select version(), datname, encoding, datcollate, datctype, datlocprovider from pg_database order by datname',
    'select name, setting from pg_settings order by name',
    'select rolname, rolsuper, rolcanlogin from pg_roles order by rolname',
    'select nspname from pg_namespace order by nspname',
    'select relname, relkind, relnamespace::regnamespace::text from pg_class order by relnamespace, relname',
  ]
  const answers = []
  for (const query of queries) answers.push((await pglite.query(query)).rows)
  await pglite.close()
  return answers
}
