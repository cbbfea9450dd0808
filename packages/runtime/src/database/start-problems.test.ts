import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Client } from 'pg'
import { createServerDatabase, findPostgres, runProcess, silentLog } from '../../testing/index.ts'
import { openDatabase } from './database.ts'
import { postgresVersion } from './folder-problem.ts'

const program = new URL('./start-problems.fixture.ts', import.meta.url)

describe('a data folder that cannot be used is told in a line', () => {
  let folder: string
  let intact: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'books-start-'))
    intact = join(folder, 'intact')
    const database = await openDatabase({ DATA_DIR: intact }, silentLog)
    await database.close()
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each<[what: string, change: (data: string) => Promise<void>, problem: RegExp]>([
    [
      'of another version of PostgreSQL',
      (data) => writeFile(join(data, 'postgres', 'PG_VERSION'), '17\n'),
      /it is of PostgreSQL 17, and this is version 18; move it aside/,
    ],
    [
      'with a damaged control file',
      (data) => writeFile(join(data, 'postgres', 'global', 'pg_control'), Buffer.alloc(8_192)),
      /its files are damaged; restore a copy of it, or move it aside/,
    ],
    ['without its control file', (data) => rm(join(data, 'postgres', 'global', 'pg_control')), /its files are damaged/],
    ['that is a file', replaceByFile, /it is no folder/],
  ])('%s', async (what, change, problem) => {
    const DATA_DIR = join(folder, what)
    await cp(intact, DATA_DIR, { recursive: true })
    await change(DATA_DIR)

    const { code, stderr } = await runProcess(program, { DATA_DIR }).ended

    expect(code).toBe(1)
    expect(stderr).toMatch(/^fixture: cannot open the data folder .* \(DATA_DIR\): .*\n$/)
    expect(stderr).toMatch(problem)
  })

  // Root may write everything.
  ;(process.getuid?.() === 0 ? it.skip : it)('that is not writable', async () => {
    const DATA_DIR = join(folder, 'not writable')
    await cp(intact, DATA_DIR, { recursive: true })
    await chmod(join(DATA_DIR, 'postgres', 'global', 'pg_control'), 0o400)

    expect((await runProcess(program, { DATA_DIR }).ended).stderr).toMatch(
      / this process may not read and write it; .*\n$/,
    )
  })

  it('names the version that the engine has', async () => {
    expect((await readFile(join(intact, 'postgres', 'PG_VERSION'), 'utf8')).trim()).toBe(postgresVersion)
  })
})

;(findPostgres() ? describe : describe.skip)('a server whose database cannot be used is told in a line', () => {
  it.each([
    [
      'without the right to create',
      ['create role guest login'],
      'cannot use the database of DATABASE_URL: permission denied for database NAME; ' +
        'its user must be one that may create schemas, tables and extensions in it',
    ],
    [
      'that is read-only',
      ['alter database NAME set default_transaction_read_only = on'],
      'cannot open the database of DATABASE_URL: it is read-only; it must be one that may be written, such as the primary server',
    ],
    [
      'without the schema public',
      ['drop schema public'],
      'cannot use the database of DATABASE_URL: schema "public" does not exist; create this schema',
    ],
    [
      'with another encoding',
      [`create database NAME_latin encoding 'LATIN1' locale 'C' template template0`],
      'cannot open the database of DATABASE_URL: its encoding is LATIN1, and must be UTF8',
    ],
    [
      'that is not there',
      ['alter database NAME rename to NAME_other'],
      'cannot open the database of DATABASE_URL: database "NAME" does not exist',
    ],
  ])('%s', async (what, statements, problem) => {
    await using server = await createServerDatabase()
    const url = new URL(server.url)
    const name = url.pathname.slice(1)
    const admin = new URL(server.url)
    if (what === 'that is not there') admin.pathname = 'postgres'
    const guest = `guest_of_${name}`
    await run(
      admin.href,
      statements.map((text) => text.replaceAll('NAME', name).replaceAll('guest', guest)),
    )
    if (statements[0]?.includes('guest')) url.username = guest
    if (what === 'with another encoding') url.pathname = `${name}_latin`

    const { code, stderr } = await runProcess(program, { DATABASE_URL: url.href }).ended

    expect([code, stderr]).toEqual([1, `fixture: ${problem.replaceAll('NAME', name)}\n`])
  })
})

async function replaceByFile(data: string): Promise<void> {
  await rm(data, { recursive: true })
  await writeFile(data, '')
}

async function run(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}
