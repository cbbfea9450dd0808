import { createLog, openDatabase, readSettings } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { openJournal } from '../open-journal.ts'
import { settingsSchema } from '../settings.ts'

const help = `Brings the database of articles to its newest step, and fills it on its first day. The service does so itself when it
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
      await openJournal(database)
      console.log('the database of articles is at its newest step')
    } finally {
      await database.close()
    }
  },
})
