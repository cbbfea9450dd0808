import { createLog, openDatabase } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import type { AnyService } from '../define-service.ts'
import { openTables } from '../open-tables.ts'
import { readServiceSettings } from '../service-settings.ts'

/** Runs the command `migrate` of a service, which leaves the database as the service itself would when it starts. */
export async function runMigrations(service: AnyService, env: NodeJS.ProcessEnv): Promise<void> {
  const help = `Brings the database of ${service.name} to the newest step of its migrations, and fills it if it is empty and there is
something to fill it with. The service does the same when it starts; this is for doing it before.

  migrate

It writes where DATABASE_URL or DATA_DIR say.`

  await runCommand({
    help,
    options: {},
    async run() {
      const settings = readServiceSettings(service, env)
      await using opened = new AsyncDisposableStack()
      const database = await openDatabase(settings, createLog('migrate', settings))
      opened.defer(database.close)
      await openTables(service, database)
      console.log(`the database of ${service.name} is at its newest step`)
    },
  })
}
