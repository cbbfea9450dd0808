import { resolve } from 'node:path'
import { StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { importBooks } from '../import/import-books.ts'
import { readBookFile } from '../import/read-book-file.ts'
import { inventory } from '../service.ts'

const help = `Adds books to the store, or changes those that it has: all of a file or nothing.

  run import <books.csv>

The first line of the file names its columns. A name that ends in .gz is gunzipped.
  title, author, year
  category   as the contract names it, or plainly: SCIENCE_FICTION, science fiction, children's
  price      12.99, with as many digits behind the point as the currency has
  currency   ISO 4217; EUR without it
  id         optional: the book that the line means. Without one it means the book of the same title and author, and
             where there is none, a new one

It writes where DATABASE_URL or DATA_DIR say; a service that has the folder of DATA_DIR open must be stopped first.`

await runCommand({
  help,
  options: {},
  async run({ positionals: [name, ...others] }) {
    if (!name || others.length > 0) throw new StartError(help)
    // pnpm runs a script in the folder of its package, and says where it was called.
    const file = resolve(process.env['INIT_CWD'] ?? '.', name)
    const rows = await readBookFile(file)

    await using data = await openData(inventory, { command: 'import', env: process.env })
    const bar = createProgressBar(process.stderr)
    try {
      const { added, changed, unchanged } = await importBooks(data.tables, { file, rows }, (done, total) =>
        bar.show('books kept:', done, total),
      )
      bar.end()
      console.log(`${added} added, ${changed} changed, ${unchanged} unchanged`)
    } finally {
      bar.end()
    }
  },
})
