import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { Pool } from 'pg'
import { Type } from 'typebox'
import type { Log } from '../log.ts'
import { StartError } from '../start-error.ts'
import { type Engine, openEmbedded } from './embedded.ts'
import { findMigrationSteps } from './migration-steps.ts'
import { traceQuery } from './trace-query.ts'

/** The variables of the database. */
export const databaseSettings = {
  /** A PostgreSQL server. Without it an embedded PostgreSQL stores data in DATA_DIR. */
  DATABASE_URL: Type.Optional(Type.String({ minLength: 1 })),
  /** A folder that only this process uses, or `memory://` for a temporary database. The default is `.data`, or memory where that is not writable. */
  DATA_DIR: Type.Optional(Type.String({ minLength: 1 })),
}

/** The database of a process. */
export interface Database extends AsyncDisposable {
  /** Whether other processes may use it at the same time. */
  readonly isShared: boolean
  /** The tables of one service, in a schema of its own, after its migrations have run. */
  open<Tables>(schema: string, migrations: URL): Promise<Kysely<Tables>>
  /** Resolves while the database answers; rejects otherwise, at the latest after a second. */
  ping(): Promise<void>
  close(): Promise<void>
}

const pingTimeoutMs = 1_000

/** Opens the database server of DATABASE_URL, or else the embedded database. */
export async function openDatabase(
  { DATABASE_URL, DATA_DIR }: { DATABASE_URL?: string; DATA_DIR?: string },
  log: Log,
): Promise<Database> {
  const engine = await (DATABASE_URL ? openServer(DATABASE_URL, log) : openEmbedded(DATA_DIR, log))
  return databaseOn(engine, DATABASE_URL !== undefined, log)
}

/** Creates a database on an engine. */
export function databaseOn({ dialect, release, ping }: Engine, isShared: boolean, log: Log): Database {
  // One Kysely for the whole process: it queues for the single connection of the embedded engine.
  const root = new Kysely<unknown>({ dialect, log: traceQuery })

  let closing: Promise<void> | undefined
  const close = () => (closing ??= root.destroy().then(release))

  return {
    isShared,
    async open<Tables>(schema: string, migrations: URL) {
      const tables = root.withSchema(schema) as Kysely<Tables>
      await migrate(tables, schema, migrations, log)
      return tables
    },
    ping,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openServer(connectionString: string, log: Log): Promise<Engine> {
  const pool = new Pool({ connectionString })
  // An idle connection that breaks; the pool replaces it.
  pool.on('error', (err) => log.warn({ err }, 'a database connection broke'))
  // A connection of its own: a ping must not fail because all those of the pool are busy.
  const pings = new Pool({
    connectionString,
    max: 1,
    connectionTimeoutMillis: pingTimeoutMs,
    query_timeout: pingTimeoutMs,
  })
  pings.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException
    throw new StartError(`cannot open the database of DATABASE_URL: ${message || code}`, { cause })
  }
  return {
    dialect: new PostgresDialect({ pool }),
    async ping() {
      await pings.query('select 1')
    },
    release: () => pings.end(),
  }
}

async function migrate<Tables>(tables: Kysely<Tables>, schema: string, migrations: URL, log: Log): Promise<void> {
  const provider = await findMigrationSteps(tables, schema, migrations, log)
  const migrator = new Migrator({ db: tables, provider, migrationTableSchema: schema })
  const { error, results = [] } = await migrator.migrateToLatest()

  for (const { migrationName, status } of results) log.info({ schema, step: migrationName, status }, 'migration')
  if (error) throw error
}
