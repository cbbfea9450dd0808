import { resolve } from 'node:path'
import { createLog, openDatabase, readSettings, StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { openJournal } from '../open-journal.ts'
import { readDrafts } from '../read-drafts.ts'
import { settingsSchema } from '../settings.ts'

const help = `Adds articles to the journal, or updates those of the same file names; all of them, or none.

  run publish <file.md>...

A file is named in small letters, digits and hyphens, such as why-we-reread.md, and has Markdown below front matter:

  ---
  title: Why we reread
  author: Ines Calloway
  summary: What a plain reader of plots can't see, in a sentence or two of plain text.
  date: 2026-11-20 09:30
  ---

The date is in UTC, its time may be left out, and all of it may: an article is then of now, or of the day that it was
first published. It writes where DATABASE_URL or DATA_DIR say; a service that has the folder of DATA_DIR open must be
stopped first.`

await runCommand({
  help,
  options: {},
  async run({ positionals }) {
    if (positionals.length === 0) throw new StartError(help)
    // pnpm runs this in the package's folder, and says which one it was called in.
    const drafts = await readDrafts(positionals.map((file) => resolve(process.env['INIT_CWD'] ?? '', file)))

    const settings = readSettings(settingsSchema, process.env)
    const database = await openDatabase(settings, createLog('publish', { ...settings, LOG_LEVEL: 'warn' }))
    try {
      const journal = await openJournal(database)
      for (const { id, title, isNew } of await journal.publish(drafts)) {
        console.log(isNew ? `added "${title}" as article ${id}` : `updated "${title}", article ${id}`)
      }
    } finally {
      await database.close()
    }
  },
})
