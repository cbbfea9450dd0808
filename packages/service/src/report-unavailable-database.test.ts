import { EchoService, loadDescriptors } from '@books/proto'
import { createClient, Status, service } from '@books/rpc'
import { createErrorLog, createServerDatabase, findPostgres, startProxy } from '@books/runtime/testing'
import { describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { defineService, migrations } from './define-service.ts'
import { openServiceDatabase } from './open-service-database.ts'
import { readServiceSettings } from './service-settings.ts'
import { startService } from './start-service.ts'

const asking = defineService({
  name: 'asking',
  port: 1,
  migrations: migrations<unknown>(new URL('./statements.fixture/', import.meta.url)),
  async start({ tables }) {
    const reply = async () => {
      await sql`select 1`.execute(tables)
      return { message: 'answered' }
    }
    return { services: [service(EchoService, { reply })] }
  },
})

;(findPostgres() ? describe : describe.skip)('a service whose database is away', () => {
  it('answers UNAVAILABLE, says so once, and answers again when it is back', async () => {
    await using server = await createServerDatabase()
    await using proxy = await startProxy(server.url)
    const { log, errors } = createErrorLog()
    await using database = await openServiceDatabase({ DATABASE_URL: proxy.url }, log)
    const settings = readServiceSettings(asking, { HOST: '127.0.0.1', PORT: '0' })
    await using running = await startService(asking, { settings, log, database })
    using client = createClient(EchoService, { address: running.address, descriptors: loadDescriptors() })
    await client.reply({})

    proxy.refuse()
    const failures = [await failureOf(client.reply({})), await failureOf(client.reply({}))]
    proxy.accept()

    for (const failure of failures) {
      expect(failure).toMatchObject({ code: Status.UNAVAILABLE, message: 'The database is unavailable' })
    }
    expect(errors).toEqual([expect.stringContaining('calls fail: the database is unavailable')])
    expect(await client.reply({})).toEqual({ message: 'answered' })
  })
})

function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no failure',
    (error: unknown) => error,
  )
}
