import { setTimeout as delay } from 'node:timers/promises'
import { EchoService, loadDescriptors } from '@books/proto'
import { createClient, Status, service } from '@books/rpc'
import { createServerDatabase, findPostgres, silentLog as log } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { defineService, migrations } from './define-service.ts'
import { openServiceDatabase } from './open-service-database.ts'
import { readServiceSettings } from './service-settings.ts'
import { startService } from './start-service.ts'

;(findPostgres() ? describe : describe.skip)('a statement of a service', () => {
  it.each([
    ['its deadline passes', Status.DEADLINE_EXCEEDED],
    ['its caller leaves', Status.CANCELLED],
  ])('ends when %s', async (_, code) => {
    await using server = await createServerDatabase()
    await using database = await openServiceDatabase({ DATABASE_URL: server.url }, log)
    const failed = Promise.withResolvers<unknown>()
    let tables: Kysely<unknown> | undefined
    const sleeping = defineService({
      name: 'sleeping',
      port: 1,
      migrations: migrations<unknown>(new URL('./statements.fixture/', import.meta.url)),
      async start(context) {
        tables = context.tables
        const reply = async () => {
          await sql`select pg_sleep(600)`.execute(context.tables).catch(failed.resolve)
          return { message: 'never answered' }
        }
        return { services: [service(EchoService, { reply })] }
      },
    })
    // This deadline begins when the call has reached the server.
    const MAX_DEADLINE_MS = code === Status.CANCELLED ? '60000' : '300'
    const settings = readServiceSettings(sleeping, { HOST: '127.0.0.1', PORT: '0', MAX_DEADLINE_MS })
    await using running = await startService(sleeping, { settings, log, database })
    using client = createClient(EchoService, { address: `127.0.0.1:${running.port}`, descriptors: loadDescriptors() })
    const caller = new AbortController()

    const call = client.reply({}, { deadlineMs: 60_000, signal: caller.signal }).catch((error: unknown) => error)
    if (code === Status.CANCELLED) {
      while ((await countSleeping(tables)) === 0) await delay(5)
      caller.abort()
    }

    expect(await call).toMatchObject({ code })
    expect(await failed.promise).toMatchObject({ name: 'RpcError', code })
    while ((await countSleeping(tables)) > 0) await delay(5)
  })
})

async function countSleeping(tables: Kysely<unknown> | undefined): Promise<number> {
  if (!tables) return 0
  const { rows } = await sql`
    select 1 from pg_stat_activity
    where datname = current_database() and state = 'active' and query = 'select pg_sleep(600)'`.execute(tables)
  return rows.length
}
