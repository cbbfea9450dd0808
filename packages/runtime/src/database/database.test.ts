import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import {
  createServerDatabase,
  findPostgres,
  openMemoryDatabase,
  openServerDatabase,
  runProcess,
  silentLog,
  startPostgres,
} from '../../testing/index.ts'
import { openDatabase } from './database.ts'

interface Tables {
  notes: { id: number; text: string }
}

const migrations = new URL('./database.fixture/', import.meta.url)
let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the embedded database', () => {
  it('lets the event loop turn between statements that take long', async () => {
    await using database = await openMemoryDatabase()
    const tables = await database.open<Tables>('ours', migrations)
    let turns = 0
    const turning = setInterval(() => turns++)

    for (let statement = 0; statement < 10; statement++)
      await sql`select count(*) from generate_series(1, 100000)`.execute(tables)

    clearInterval(turning)
    expect(turns).toBeGreaterThanOrEqual(9)
  })

  it('keeps its data when it is opened again', async () => {
    const DATA_DIR = await emptyFolder()

    const first = await openDatabase({ DATA_DIR }, silentLog)
    const notes = await first.open<Tables>('first', migrations)
    await notes.insertInto('notes').values({ id: 1, text: 'kept' }).execute()
    await first.close()

    const second = await open({ DATA_DIR })
    const again = await second.open<Tables>('first', migrations)
    expect(await again.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'kept' }])
  })

  it('opens after a process was killed during its setup', async () => {
    const DATA_DIR = await emptyFolder()
    const program = new URL('./open-database.fixture.ts', import.meta.url)
    const { child, ended } = runProcess(program, { DATA_DIR })
    while (!existsSync(join(DATA_DIR, 'postgres', 'PG_VERSION'))) await delay(5)
    child.kill('SIGKILL')
    await ended

    const database = await open({ DATA_DIR })
    const notes = await database.open<Tables>('first', migrations)

    expect(await notes.selectFrom('notes').selectAll().execute()).toEqual([])
    expect(await readdir(DATA_DIR)).not.toContain('postgres.unfinished')
  })

  it('is in memory, and logs it, without DATA_DIR where the default folder is not writable', async () => {
    const folder = await emptyFolder()
    await writeFile(join(folder, '.data'), 'not a folder')
    const program = new URL('./open-database.fixture.ts', import.meta.url)

    const { code, stdout } = await runProcess(program, {}, [], { cwd: folder }).ended
    const named = await runProcess(program, { DATA_DIR: join(folder, '.data') }).ended

    expect(code).toBe(0)
    expect(stdout).toContain('the database is in memory, and lost when the process ends')
    expect(named.code).toBe(1)
  })

  it('refuses a folder that is in use, and says which', async () => {
    const DATA_DIR = await emptyFolder()
    await open({ DATA_DIR })

    await expect(openDatabase({ DATA_DIR }, silentLog)).rejects.toThrow(
      `another process uses the data folder ${DATA_DIR}`,
    )
  })
})

const postgres = findPostgres()

describe.each([['embedded', openMemoryDatabase], ...(postgres ? [['server', openServerDatabase] as const] : [])])(
  'a database (%s)',
  (_, openEmpty) => {
    it('gives each service its own tables', async () => {
      await using database = await openEmpty()

      const ours = await database.open<Tables>('ours', migrations)
      const theirs = await database.open<Tables>('theirs', migrations)
      await ours.insertInto('notes').values({ id: 1, text: 'ours' }).execute()

      expect(await theirs.selectFrom('notes').selectAll().execute()).toEqual([])
    })

    it('opens for the version before its newest step, and refuses one that lacks an older step', async () => {
      await using database = await openEmpty()
      const ahead = await database.open<Tables>('ours', new URL('./database-ahead.fixture/', import.meta.url))
      await ahead.insertInto('notes').values({ id: 1, text: 'by the newer' }).execute()

      const before = await database.open<Tables>('ours', migrations)
      await before.insertInto('notes').values({ id: 2, text: 'by the older' }).execute()

      expect(await before.selectFrom('notes').select('text').orderBy('id').execute()).toEqual([
        { text: 'by the newer' },
        { text: 'by the older' },
      ])
      const gap = database.open<Tables>('ours', new URL('./database-gap.fixture/', import.meta.url))
      await expect(gap).rejects.toThrow('previously executed migration 0001-notes is missing')
    })

    it('asks no migrator where all steps have run, as that takes long', async () => {
      await using database = await openEmpty()
      const tables = await database.open('ours', migrations)
      // A migrator creates it again.
      await sql`drop table ours.kysely_migration_lock`.execute(tables)

      await database.open('ours', migrations)

      const { rows } = await sql`select to_regclass('ours.kysely_migration_lock') as found`.execute(tables)
      expect(rows).toEqual([{ found: null }])
    })

    it('has the extensions for search: trigrams and unaccent', async () => {
      await using database = await openEmpty()
      const tables = await database.open('ours', migrations)

      await sql`create extension if not exists pg_trgm`.execute(tables)
      await sql`create extension if not exists unaccent`.execute(tables)
      const { rows } =
        await sql`select unaccent('Éclair') as plain, similarity('eclair', 'eclairs') > 0.5 as alike`.execute(tables)

      expect(rows).toEqual([{ plain: 'Eclair', alike: true }])
    })

    it('answers a ping until it is closed', async () => {
      const database = await openEmpty()

      await database.ping()
      await database.close()

      await expect(database.ping()).rejects.toThrow(/closed|after calling end/)
    })

    it('rolls back a transaction that fails', async () => {
      await using database = await openEmpty()
      const notes = await database.open<Tables>('ours', migrations)

      const failing = notes.transaction().execute(async (transaction) => {
        await transaction.insertInto('notes').values({ id: 1, text: 'half' }).execute()
        throw new Error('and then it failed')
      })

      await expect(failing).rejects.toThrow('and then it failed')
      expect(await notes.selectFrom('notes').selectAll().execute()).toEqual([])
    })
  },
)

describe('a database server', () => {
  it('that is unavailable is reported without its address, which contains a password', async () => {
    const DATABASE_URL = `postgresql://books:s3cret@localhost/books?host=${await emptyFolder()}`

    const opening = openDatabase({ DATABASE_URL, DATA_DIR: 'unused' }, silentLog)

    await expect(opening).rejects.toThrow('cannot open the database of DATABASE_URL')
    await expect(opening).rejects.not.toThrow('s3cret')
  })

  ;(postgres ? it : it.skip)('answers a ping while it runs, and after a restart', async () => {
    const server = await startPostgres(postgres ?? '')
    opened.defer(server.stop)
    const database = await open({ DATABASE_URL: server.url, DATA_DIR: 'unused' })

    await database.ping()
    await server.kill()
    await expect(database.ping()).rejects.toMatchObject({ message: expect.any(String) })
    await server.restart()

    await expect(database.ping()).resolves.toBeUndefined()
  })

  ;(postgres ? it : it.skip)('that is killed while a connection is lent does not end the process', async () => {
    const server = await startPostgres(postgres ?? '')
    opened.defer(server.stop)
    const database = await open({ DATABASE_URL: server.url, DATA_DIR: 'unused' })
    const notes = await database.open<Tables>('ours', migrations)

    await notes.connection().execute(async () => {
      await server.kill()
      await expect(database.ping()).rejects.toMatchObject({ message: expect.any(String) })
    })
    await server.restart()

    await expect(database.ping()).resolves.toBeUndefined()
  })

  ;(postgres ? it : it.skip)('answers a ping while all of its connections are busy', async () => {
    await using server = await createServerDatabase()
    await using database = await openDatabase({ DATABASE_URL: server.url }, silentLog)
    const notes = await database.open<Tables>('ours', migrations)
    const done = Promise.withResolvers<void>()
    const busy = Array.from({ length: 12 }, () => notes.connection().execute(() => done.promise))

    await expect(database.ping()).resolves.toBeUndefined()

    done.resolve()
    await Promise.all(busy)
  })
})

async function open(settings: { DATA_DIR: string; DATABASE_URL?: string }) {
  const database = await openDatabase(settings, silentLog)
  opened.defer(database.close)
  return database
}

async function emptyFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'books-data-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  return folder
}
