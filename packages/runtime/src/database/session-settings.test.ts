import { expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { Client } from 'pg'
import { createServerDatabase, findPostgres, silentLog } from '../../testing/index.ts'
import { openDatabase } from './database.ts'

;(findPostgres() ? it : it.skip)('asks for the settings that it relies on, whatever the database has', async () => {
  await using server = await createServerDatabase()
  await alter(server.url, `DateStyle = 'German'`, `TimeZone = 'Asia/Kathmandu'`, 'standard_conforming_strings = off')
  await using database = await openDatabase({ DATABASE_URL: server.url }, silentLog)
  const tables = await database.open('ours', new URL('./database.fixture/', import.meta.url))
  const time = new Date('2026-11-28T23:59:30Z')

  const { rows } = await sql`
    select ${time}::timestamptz as time, ${time}::timestamptz::text as text, ${sql.lit('a\\b')} as slash`.execute(
    tables,
  )

  expect(rows).toEqual([{ time, text: '2026-11-28 23:59:30+00', slash: 'a\\b' }])
})

async function alter(connectionString: string, ...settings: string[]): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  for (const setting of settings) await client.query(`alter database ${client.database} set ${setting}`)
  await client.end()
}
