import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { openDatabase } from '../src/database/database.ts'
import { findPostgres, openMemoryDatabase, openServerDatabase, silentLog, startPostgres } from './index.ts'

const migrations = new URL('../src/database/database.fixture/', import.meta.url)

describe.each([
  ['in memory', openMemoryDatabase],
  ...(findPostgres() ? [['on a server', openServerDatabase] as const] : []),
])('a database for a test, %s', (_, open) => {
  it('is empty, also after another test', async () => {
    const seen = []
    for (let times = 0; times < 2; times++) {
      await using database = await open()
      const notes = await database.open<{ notes: { id: number; text: string } }>('ours', migrations)
      seen.push(await notes.selectFrom('notes').selectAll().execute())
      await notes.insertInto('notes').values({ id: 1, text: 'left behind' }).execute()
      await sql`create table public.others (id int)`.execute(notes)
      await sql`create extension unaccent`.execute(notes)
    }

    expect(seen).toEqual([[], []])
  })

  it('is not shared with another open test', async () => {
    await using ours = await open()
    await using theirs = await open()
    const [notes] = [await ours.open<{ notes: { id: number; text: string } }>('ours', migrations)]
    await notes.insertInto('notes').values({ id: 1, text: 'ours' }).execute()

    const others = await theirs.open<{ notes: { id: number; text: string } }>('ours', migrations)

    expect(await others.selectFrom('notes').selectAll().execute()).toEqual([])
  })

  it('rejects queries once it is closed', async () => {
    const database = await open()
    await database.ping()
    await database.close()
    await database[Symbol.asyncDispose]()

    await expect(database.ping()).rejects.toThrow(/closed|after calling end/)
  })
})

;(findPostgres() ? it : it.skip)('a server that is not stopped ends with the thread that started it', async () => {
  const worker = new Worker(new URL('./postgres.fixture.ts', import.meta.url))
  const [url] = await once(worker, 'message')
  const folder = new URL(url).searchParams.get('host') ?? ''
  const wasThere = existsSync(folder)

  await worker.terminate()
  while (existsSync(folder)) await delay(5)

  expect(wasThere).toBe(true)
})

;(findPostgres() ? it : it.skip)('a server logs more than a pipe holds, also after a restart', async () => {
  const server = await startPostgres(findPostgres() ?? '')
  try {
    for (const isRestarted of [false, true]) {
      if (isRestarted) {
        await server.kill()
        await server.restart()
      }
      await using database = await openDatabase({ DATABASE_URL: server.url }, silentLog)
      const tables = await database.open('ours', migrations)
      await sql`do $$ begin raise log '%', repeat('long ', 200000); end $$`.execute(tables)
      await database.ping()
    }
  } finally {
    await server.stop()
  }
})
