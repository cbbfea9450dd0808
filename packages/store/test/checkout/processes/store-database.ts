import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
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
  /** Lets `work` query a service's tables; an embedded database only while the service itself does not run. */
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
    read: (service, work) => readFrom(settings, service, work),
    [Symbol.asyncDispose]: server.stop,
  }
}

async function openFolders(): Promise<StoreDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'books-checkout-'))
  const settingsOf = (service: string) => ({ DATA_DIR: join(folder, service) })
  return {
    name: 'PGlite',
    variablesOf: settingsOf,
    read: (service, work) => readFrom(settingsOf(service.name), service, work),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function readFrom<Tables, Result>(
  settings: { DATABASE_URL?: string; DATA_DIR?: string },
  { name, migrations }: AnyService,
  work: (tables: Kysely<Tables>) => Promise<Result>,
): Promise<Result> {
  if (!migrations) throw new TypeError(`${name} has no tables`)
  await using database = await openDatabase(settings, silentLog)
  return await work(await database.open<Tables>(name, migrations))
}
