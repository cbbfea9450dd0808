import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { Type } from 'typebox'
import type { Log } from '../log.ts'
import type { Engine } from './engine.ts'
import { type CallerSignal, followCallers } from './follow-callers.ts'
import { findMigrationSteps } from './migration-steps.ts'
import { unlimited } from './server-connection.ts'
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
  /** The folder of the embedded database, for files that belong to its data; undefined on a server and in memory. */
  readonly folder: string | undefined
  /** The tables of one service, in a schema of its own, after its migrations have run. */
  open<Tables>(schema: string, migrations: URL): Promise<Kysely<Tables>>
  /** Resolves while the database answers; rejects otherwise, at the latest after a second. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** How a database is used. */
export interface DatabaseOptions {
  /** Finds the signal of the call for which the running code works; by default there are no calls. */
  callerSignal?: CallerSignal | undefined
}

/**
 * Opens the database server of DATABASE_URL, or else the embedded database. A statement ends with the caller that waits for it: it is
 * cancelled on a server, and not sent if it has not been.
 */
export async function openDatabase(
  { DATABASE_URL, DATA_DIR }: { DATABASE_URL?: string; DATA_DIR?: string },
  log: Log,
  options: DatabaseOptions = {},
): Promise<Database> {
  const { callerSignal = noCaller } = options
  const engine = DATABASE_URL
    ? await (await import('./server.ts')).openServer(DATABASE_URL, callerSignal, log)
    : await (await import('./embedded.ts')).openEmbedded(DATA_DIR, log)
  return databaseOn(engine, DATABASE_URL !== undefined, log, options)
}

const noCaller = () => undefined

/** Creates a database on an engine. */
export function databaseOn(
  engine: Engine,
  isShared: boolean,
  log: Log,
  { callerSignal = noCaller }: DatabaseOptions = {},
): Database {
  // One Kysely for the whole process: it queues for the single connection of the embedded engine.
  const root = new Kysely<unknown>({ dialect: followCallers(engine, callerSignal), log: traceQuery })

  let closing: Promise<void> | undefined
  const close = () => (closing ??= root.destroy().then(engine.release))

  return {
    isShared,
    folder: engine.folder,
    async open<Tables>(schema: string, migrations: URL) {
      const tables = root.withSchema(schema) as Kysely<Tables>
      await unlimited.run(true, () => migrate(tables, schema, migrations, log))
      return tables
    },
    ping: engine.ping,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const slowMigrationMs = 5_000
const slowMigration = 'migrations take long: one of them does, or another process holds the lock for migrating'

async function migrate<Tables>(tables: Kysely<Tables>, schema: string, migrations: URL, log: Log): Promise<void> {
  const provider = await findMigrationSteps(tables, schema, migrations, log)
  if (!provider) return
  const migrator = new Migrator({ db: tables, provider, migrationTableSchema: schema })
  const reminder = setTimeout(() => log.warn({ schema }, slowMigration), slowMigrationMs).unref()
  const { error, results = [] } = await migrator.migrateToLatest().finally(() => clearTimeout(reminder))

  for (const { migrationName, status } of results) log.info({ schema, step: migrationName, status }, 'migration')
  if (error) throw error
}
