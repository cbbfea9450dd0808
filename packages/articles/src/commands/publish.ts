import { resolve } from 'node:path'
import { StartError } from '@books/runtime'
import { runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { createArticleStore } from '../article-store.ts'
import { readDrafts } from '../read-drafts.ts'
import { articles } from '../service.ts'

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

    await using data = await openData(articles, { command: 'publish', env: process.env })
    for (const { id, title, isNew } of await createArticleStore(data.tables).publish(drafts)) {
      console.log(isNew ? `added "${title}" as article ${id}` : `updated "${title}", article ${id}`)
    }
  },
})
