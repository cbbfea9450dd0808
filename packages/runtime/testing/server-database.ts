import { Client } from 'pg'
import { type Database, type DatabaseOptions, openDatabase } from '../src/database/database.ts'
import { findPostgres, startPostgres } from './postgres.ts'
import { silentLog } from './silent-log.ts'

/** An empty database on a PostgreSQL server. */
export interface ServerDatabase extends AsyncDisposable {
  url: string
  /** Removes it, and closes its connections. */
  drop(): Promise<void>
}

let server: ReturnType<typeof startPostgres> | undefined
let made = 0

/** A new database on a server that the tests of this worker share, for tests that do not stop their server. */
export async function createServerDatabase(): Promise<ServerDatabase> {
  const programs = findPostgres()
  if (!programs) throw new Error('this machine has no PostgreSQL')
  const { url } = await (server ??= startPostgres(programs))
  const name = `test_${++made}`
  await run(url, `create database ${name}`)

  const drop = () => run(url, `drop database if exists ${name} with (force)`)
  const own = new URL(url)
  own.pathname = name
  return { url: own.href, drop, [Symbol.asyncDispose]: drop }
}

/** Opens a new database on that server, which goes with its connection. */
export async function openServerDatabase(options?: DatabaseOptions): Promise<Database> {
  const { url, drop } = await createServerDatabase()
  const database = await openDatabase({ DATABASE_URL: url }, silentLog, options)
  const close = () => database.close().then(drop)
  return { ...database, close, [Symbol.asyncDispose]: close }
}

async function run(connectionString: string, statement: string): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(statement)
  await client.end()
}
