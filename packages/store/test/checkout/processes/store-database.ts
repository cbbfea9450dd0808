import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inventory } from '@books/inventory'
import { openDatabase } from '@books/runtime'
import { findPostgres, silentLog, startPostgres } from '@books/runtime/testing'
import type { AnyService } from '@books/service'
import type { Kysely } from 'kysely'

/** Where the services of a run keep their data. */
export interface StoreDatabase extends AsyncDisposable {
  readonly name: 'PostgreSQL' | 'PGlite'
  /** The variables that lead a service there. */
  variablesOf(service: string): Record<string, string>
  /** Ends the server at once, and starts it again after a time; not there where there is no server. */
  restart?(downMs: number): Promise<void>
  /**
   * Lets `work` read the tables of all services as they are at one moment. Where the database is embedded that is a copy, which
   * `whilePaused` lets be made while no service runs.
   */
  snapshot<Result>(
    work: (snapshot: Snapshot) => Promise<Result>,
    whilePaused: (copy: () => Promise<void>) => Promise<void>,
  ): Promise<Result>
}

/** The tables of all services, at one moment. */
export interface Snapshot {
  read<Tables, Result>(service: AnyService, work: (tables: Kysely<Tables>) => Promise<Result>): Promise<Result>
}

/** Starts a PostgreSQL server for the run, or takes a folder for each service where the database is to be embedded. */
export async function openStoreDatabase({ isEmbedded = false } = {}): Promise<StoreDatabase> {
  const programs = findPostgres()
  return isEmbedded || !programs ? openFolders() : openServer(programs)
}

async function openServer(programs: string): Promise<StoreDatabase> {
  const server = await startPostgres(programs)
  const settings = { DATABASE_URL: server.url }
  return {
    name: 'PostgreSQL',
    variablesOf: () => settings,
    async restart(downMs) {
      await server.kill()
      await delay(downMs)
      await server.restart()
    },
    async snapshot(work) {
      await using database = await openDatabase(settings, silentLog)
      const tables = await database.open<unknown>(inventory.name, migrationsOf(inventory))
      const transaction = tables.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
      return await transaction.execute((all) =>
        work({
          read: <Tables, Read>({ name }: AnyService, read: (tables: Kysely<Tables>) => Promise<Read>) =>
            read(all.withSchema(name) as unknown as Kysely<Tables>),
        }),
      )
    },
    [Symbol.asyncDispose]: server.stop,
  }
}

async function openFolders(): Promise<StoreDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'books-checkout-'))
  return {
    name: 'PGlite',
    variablesOf: (service) => ({ DATA_DIR: join(folder, service) }),
    async snapshot(work, whilePaused) {
      const copy = `${folder}-copy`
      await using copied = new AsyncDisposableStack()
      copied.defer(() => rm(copy, { recursive: true, force: true }))
      await whilePaused(() => cp(folder, copy, { recursive: true }))
      return await work({ read: (service, read) => readFolder(join(copy, service.name), service, read) })
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function readFolder<Tables, Result>(
  folder: string,
  service: AnyService,
  work: (tables: Kysely<Tables>) => Promise<Result>,
): Promise<Result> {
  await using database = await openDatabase({ DATA_DIR: folder }, silentLog)
  return await work(await database.open<Tables>(service.name, migrationsOf(service)))
}

function migrationsOf({ name, migrations }: AnyService): URL {
  if (!migrations) throw new TypeError(`${name} has no tables`)
  return migrations
}
