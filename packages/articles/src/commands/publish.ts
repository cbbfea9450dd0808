import { resolve } from 'node:path'
import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { createArticleStore } from '../article-store.ts'
import { readDrafts } from '../read-drafts.ts'
import { articles } from '../service.ts'

const help = `Adds articles to the journal, or updates those of the same file names, all or none.

  run publish <file.md>...

A file name has lower-case letters, digits and hyphens. The file has front matter and Markdown:

  ---
  title: Why we reread
  author: Ines Calloway
  summary: What a plain reader of plots can't see, in a sentence or two of plain text.
  date: 2026-11-20 09:30
  ---

The date is in UTC; its time is optional. Without a date a new article gets the current time, and an updated one keeps its
own. Writes to the database of DATABASE_URL or DATA_DIR. Stop a service that uses the folder of DATA_DIR first.`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals }) {
    if (positionals.length === 0) throw new StartError(help)
    // pnpm runs a script in the folder of its package; INIT_CWD is the folder where it was called.
    const drafts = await readDrafts(positionals.map((file) => resolve(process.env['INIT_CWD'] ?? '', file)))

    await using data = await openData(articles, { command: 'publish', env: process.env })
    for (const { id, title, isNew } of await createArticleStore(data.tables).publish(drafts)) {
      console.log(isNew ? `added "${title}" as article ${id}` : `updated "${title}", article ${id}`)
    }
  },
})
