import { resolve } from 'node:path'
import { StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { importBooks } from '../import/import-books.ts'
import { readBookFile } from '../import/read-book-file.ts'
import { inventory } from '../service.ts'

const help = `Adds books to the store, or changes existing ones: all of a file or nothing.

  run import <books.csv>

The first line of the file names its columns. A file whose name ends in .gz is gunzipped.
  title, author, year
  category   as in the contract, or in plain words: SCIENCE_FICTION, science fiction, children's
  price      12.99, with at most as many decimals as the currency has
  currency   ISO 4217 (optional, default: EUR)
  stock      how many copies are to be free now, whatever orders hold or have bought (optional, default: those that are; of a new
             book none)
  id         the book to change (optional, default: the book of the same title and author, or else a new one)

Writes to the database of DATABASE_URL or DATA_DIR. Stop a service that uses the folder of DATA_DIR first.`

await runCommand({
  help,
  options: {},
  takesArguments: true,
  async run({ positionals: [name, ...others] }) {
    if (!name || others.length > 0) throw new StartError(help)
    // pnpm runs a script in the folder of its package; INIT_CWD is the folder where it was called.
    const file = resolve(process.env['INIT_CWD'] ?? '.', name)
    const rows = await readBookFile(file)

    await using data = await openData(inventory, { command: 'import', env: process.env })
    const bar = createProgressBar(process.stderr)
    try {
      const { added, changed, unchanged } = await importBooks(data.tables, { file, rows }, (done, total) =>
        bar.show('books saved:', done, total),
      )
      bar.end()
      console.log(`${added} added, ${changed} changed, ${unchanged} unchanged`)
    } finally {
      bar.end()
    }
  },
})
