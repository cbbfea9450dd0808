import { Type } from 'typebox'
import { type Database, databaseSettings, openDatabase } from '../database/database.ts'
import { createLog, logSettings } from '../log.ts'
import { readSettings } from '../settings.ts'
import { runCommand } from './run-command.ts'

/** What a migration is run with. */
export interface Migration {
  /** Whose database it is. */
  service: string
  env: NodeJS.ProcessEnv
  /** Opens the service's tables, which brings them to their newest step. */
  open(database: Database): Promise<unknown>
}

/** Runs the command `migrate` of a service, which leaves the database as the service itself would when it starts. */
export async function runMigration({ service, env, open }: Migration): Promise<void> {
  const help = `Brings the database of ${service} to its newest step, and fills it on its first day where there is something to
fill it with. The service does so itself when it starts; this is for doing it before.

  migrate

It writes where DATABASE_URL or DATA_DIR say.`

  await runCommand({
    help,
    options: {},
    async run() {
      const settings = readSettings(Type.Object({ ...logSettings, ...databaseSettings }), env)
      const database = await openDatabase(settings, createLog('migrate', settings))
      try {
        await open(database)
        console.log(`the database of ${service} is at its newest step`)
      } finally {
        await database.close()
      }
    },
  })
}
