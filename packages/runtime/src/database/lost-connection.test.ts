import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { createServerDatabase, findPostgres, silentLog, startProxy } from '../../testing/index.ts'
import { openDatabase } from './database.ts'

const migrations = new URL('./database.fixture/', import.meta.url)
const left = new Error('the caller left')

;(findPostgres() ? describe : describe.skip)('a database server whose connections break without a word', () => {
  it('is not ready until they are replaced, and answers from then on', async () => {
    await using server = await createServerDatabase()
    await using proxy = await startProxy(server.url)
    await using database = await openDatabase({ DATABASE_URL: proxy.url }, silentLog)
    const tables = await database.open('ours', migrations)
    await ask(tables, 10)

    void proxy.swallowOpen()

    await expect(database.ping()).rejects.toThrow('no answer within 800 ms')
    while (!(await isReady(database))) await delay(5)
    expect(await ask(tables, 10)).toHaveLength(10)
  })

  it('answers the next statement after one whose caller left', async () => {
    await using server = await createServerDatabase()
    await using proxy = await startProxy(server.url)
    const caller = new AbortController()
    let callerSignal: AbortSignal | undefined = caller.signal
    const options = { callerSignal: () => callerSignal }
    await using database = await openDatabase({ DATABASE_URL: proxy.url }, silentLog, options)
    const tables = await database.open('ours', migrations)

    const swallowed = proxy.swallowOpen()
    const lost = ask(tables, 1)
    await swallowed
    caller.abort(left)

    await expect(lost).rejects.toBe(left)
    callerSignal = undefined
    expect(await ask(tables, 1)).toHaveLength(1)
  })

  it('is not ready where all of them wait for an answer, and closes all the same', async () => {
    await using server = await createServerDatabase()
    await using proxy = await startProxy(server.url)
    const database = await openDatabase({ DATABASE_URL: proxy.url }, silentLog)
    const tables = await database.open('ours', migrations)
    await ask(tables, 10)

    void proxy.swallowOpen()
    const failure = ask(tables, 10).catch((error: unknown) => error)
    while (await isReady(database)) await delay(5)

    await database.close()
    expect(await failure).toMatchObject({ name: 'DatabaseError', code: '08006' })
  })

  it('is told in a line at the start', async () => {
    await using server = await createServerDatabase()
    await using proxy = await startProxy(server.url)
    proxy.swallowNew()

    await expect(openDatabase({ DATABASE_URL: proxy.url }, silentLog)).rejects.toThrow(
      'cannot open the database of DATABASE_URL: it does not answer within 5 s',
    )
  })
})

/** Asks over this many connections at the same time. */
function ask(tables: Kysely<unknown>, connections: number) {
  const asked = Array.from({ length: connections }, () => sql`select pg_sleep(0.02)`.execute(tables))
  return Promise.all(asked)
}

async function isReady(database: { ping(): Promise<void> }): Promise<boolean> {
  return database.ping().then(
    () => true,
    () => false,
  )
}
