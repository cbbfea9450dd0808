import { resolve } from 'node:path'
import { createLog, type Database, type Log, openDatabase } from '@books/runtime'
import type { Kysely } from 'kysely'
import type { Static, TObject, TProperties } from 'typebox'
import { openTables, type TablesOfService } from '../open-tables.ts'
import { readServiceSettings, type SettingsOfService } from '../service-settings.ts'

/** The data of a service, as a command of it sees them. */
export interface ServiceData<Settings extends TProperties, Tables> extends AsyncDisposable {
  settings: Static<TObject<Settings>>
  tables: Kysely<Tables>
  database: Database
  /** Warnings and errors only, as a command prints its result itself. */
  log: Log
}

/**
 * Opens the database of a service for one of its commands: where DATABASE_URL or DATA_DIR say, at the newest step and seeded. Without
 * both, the folder is named on stderr.
 */
export async function openData<Settings extends TProperties, Tables>(
  service: SettingsOfService & TablesOfService<Tables> & { settings: Settings },
  { command, env }: { command: string; env: NodeJS.ProcessEnv },
): Promise<ServiceData<Settings, Tables>> {
  const settings = readServiceSettings(service, env)
  const log = createLog(command, { ...settings, LOG_LEVEL: 'warn' })
  await using opened = new AsyncDisposableStack()
  const database = await openDatabase(settings, log)
  opened.defer(database.close)
  if (!settings.DATA_DIR && database.folder) console.error(`data folder: ${resolve(database.folder)}`)
  const tables = await openTables(service, database)

  const data = opened.move()
  return {
    settings: settings as Static<TObject<Settings>>,
    ...{ tables, database, log },
    [Symbol.asyncDispose]: () => data.disposeAsync(),
  }
}
