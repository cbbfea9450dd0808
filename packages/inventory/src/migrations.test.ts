import { openDatabase } from '@books/runtime'
import { findPostgres, type Postgres, silentLog, startPostgres } from '@books/runtime/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { createSearchStore } from './search/search-store.ts'
import { openBooks } from './store.fixture.ts'

const postgres = findPostgres()

;(postgres ? describe : describe.skip)('the tables of inventory, on a database server', () => {
  let server: Postgres
  let opened: AsyncDisposableStack
  beforeEach(() => {
    opened = new AsyncDisposableStack()
  })
  beforeAll(async () => {
    server = await startPostgres(postgres ?? '')
  })
  afterEach(() => opened.disposeAsync())
  afterAll(() => server.stop())

  it('are made by the owner of a database, without superuser rights', async () => {
    await asSuperuser('create role owner login', 'create database owned owner owner')

    const tables = await openBooks(await open('owner', 'owned'))

    expect(await found(tables)).toEqual(['Les Misérables'])
  })

  it('are made by a role that may create schemas, beside another service that has the extensions already', async () => {
    await asSuperuser(
      'create role one login',
      'create role two login',
      'create database shared',
      'grant create on database shared to one, two',
    )
    const other = await open('one', 'shared')
    await other.open('other', new URL('./other-service.fixture/', import.meta.url))

    const tables = await openBooks(await open('two', 'shared'))

    expect(await found(tables)).toEqual(['Les Misérables'])
  })

  it('find the extensions in any schema', async () => {
    await asSuperuser('create database elsewhere')
    const database = await open('books', 'elsewhere')
    await database.open('tools', new URL('./tools.fixture/', import.meta.url))

    const tables = await openBooks(database)

    expect(await found(tables)).toEqual(['Les Misérables'])
  })

  it('fold words with an immutable function, as the index needs', async () => {
    const tables = await openBooks(await open('books', 'postgres'))

    const { rows } = await sql<{ word: string; volatility: string }>`
      select inventory.fold('ÉCLAIR') as word, provolatile as volatility from pg_proc where proname = 'fold'
    `.execute(tables)

    expect(rows).toEqual([{ word: 'eclair', volatility: 'i' }])
  })

  async function open(user: string, name: string) {
    const database = await openDatabase({ DATABASE_URL: urlOf(user, name), DATA_DIR: 'unused' }, silentLog)
    opened.defer(database.close)
    return database
  }

  async function asSuperuser(...statements: string[]) {
    const tables = await openBooks(await open('books', 'postgres'))
    for (const statement of statements) await sql.raw(statement).execute(tables)
  }

  function urlOf(user: string, name: string): string {
    const url = new URL(server.url)
    url.username = user
    url.pathname = name
    return url.href
  }
})

/** The books that a query with a missing accent and a missing letter finds. */
async function found(tables: Awaited<ReturnType<typeof openBooks>>): Promise<string[]> {
  const store = createSearchStore(tables)
  const alike = await store.listSimilarWords(['misrables'])
  const substitutes = alike.slice(0, 1).map(({ word }) => ({ index: 0, word, fit: 0.7 }))
  const { matches } = await store.search({ words: ['misrables'], phrase: '', substitutes, skip: 0, limit: 10 })
  return matches.map(({ book }) => book.title)
}
