import type { Database } from '@books/runtime'
import { findPostgres, openMemoryDatabase, openServerDatabase } from '@books/runtime/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Kysely, sql } from 'kysely'
import { findFollowedRevision, resetFollowedRevision } from './index.ts'

interface Tables {
  followed: { source: 'inventory' | 'accounts'; revision: number }
}

const beyondInteger = 2 ** 40
const engines: [name: string, open: () => Promise<Database>][] = [['embedded', openMemoryDatabase]]
if (findPostgres()) engines.push(['server', openServerDatabase])

describe.each(engines)('the revision of a followed service (%s)', (_, open) => {
  let database: Database
  let tables: Kysely<Tables>
  beforeEach(async () => {
    database = await open()
    tables = await database.open<Tables>('notes', new URL('./notes.fixture/', import.meta.url))
    await sql`create table notes.followed (source text primary key, revision bigint not null)`.execute(tables)
    await tables
      .insertInto('followed')
      .values([
        { source: 'inventory', revision: beyondInteger },
        { source: 'accounts', revision: 7 },
      ])
      .execute()
  })
  afterEach(() => database.close())

  it('is a number on either engine', async () => {
    expect(await findFollowedRevision(tables, 'inventory')).toBe(beyondInteger)
  })

  it('is 0 again only where it is higher than that of the service, and no other is changed', async () => {
    const resets = [
      await resetFollowedRevision(tables, 'accounts', 7),
      await findFollowedRevision(tables, 'accounts'),
      await resetFollowedRevision(tables, 'accounts', 6),
      await findFollowedRevision(tables, 'accounts'),
    ]

    expect(resets).toEqual([false, 7, true, 0])
    expect(await findFollowedRevision(tables, 'inventory')).toBe(beyondInteger)
  })
})
