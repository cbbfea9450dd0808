import { createLog, openDatabase, readSettings } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'

import { settingsSchema } from '../settings.ts'

const help = `Brings the database of recommendations to its newest step. The service does so itself when it
starts; this is for doing it before.

  migrate

It writes where DATABASE_URL or DATA_DIR say.`

await runCommand({
  help,
  options: {},
  async run() {
    const settings = readSettings(settingsSchema, process.env)
    const database = await openDatabase(settings, createLog('migrate', settings))
    try {
      await database.open('recommendations', new URL('../../migrations/', import.meta.url))
      console.log('the database of recommendations is at its newest step')
    } finally {
      await database.close()
    }
  },
})
