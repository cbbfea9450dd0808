import { describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { createServerDatabase, findPostgres, openRecordedDatabase, type SentStatement } from './index.ts'

const migrations = new URL('../src/database/database.fixture/', import.meta.url)

describe.each([
  ['the embedded database', 'memory://'],
  ['a server', ''],
])('a recorded database on %s', (_name, DATA_DIR) => {
  ;(DATA_DIR || findPostgres() ? it : it.skip)('tells statements with their values, and transactions', async () => {
    await using opened = new AsyncDisposableStack()
    const settings = DATA_DIR ? { DATA_DIR } : { DATABASE_URL: opened.use(await createServerDatabase()).url }
    const sent: SentStatement[] = []
    const database = opened.use(await openRecordedDatabase(settings, (statement) => sent.push(statement)))
    const tables = await database.open('notes', migrations)
    sent.length = 0

    await tables.transaction().execute((transaction) => sql`select ${7}::integer as seven`.execute(transaction))
    await tables
      .transaction()
      .execute(() => Promise.reject(new Error('no')))
      .catch(() => {})

    expect(sent.map(({ sql: text, parameters }) => [text, ...parameters])).toEqual([
      ['begin'],
      ['select $1::integer as seven', 7],
      ['commit'],
      ['begin'],
      ['rollback'],
    ])
    expect(new Set(sent.slice(0, 3).map(({ connection }) => connection)).size).toBe(1)
  })
})
