import { createLog, openDatabase, readSettings } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { openBooks } from '../open-books.ts'
import { settingsSchema } from '../settings.ts'

const help = `Brings the database of inventory to its newest step, and fills it on its first day. The service does so itself when it
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
      await openBooks(database)
      console.log('the database of inventory is at its newest step')
    } finally {
      await database.close()
    }
  },
})
