import { categories } from '@books/catalogue'
import { StartError } from '@books/runtime'
import { choiceOption, createProgressBar, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { importFiles } from '../import/import-files.ts'
import { recommendations } from '../service.ts'

const help = `Imports interactions of readers, all or nothing, and removes the simulated readers.

  run import <ratings.csv> [--books <books.csv>] [--category <category>]

The first line of a file names its columns, which decide the layout: Book-Crossing, MovieLens, goodbooks, or plain
reader,book,kind,time (and rating, for the kind "rated"). A file whose name ends in .gz is gunzipped.
  --books     titles, authors, years and categories of the books, in the same layouts
  --category  for books whose category is in no file (default: CLASSICS)

Writes to the database of DATABASE_URL or DATA_DIR. Stop a service that uses the folder of DATA_DIR first.`

await runCommand({
  help,
  options: { books: { type: 'string' }, category: choiceOption(categories, 'CLASSICS') },
  takesArguments: true,
  async run({ values: { books, category }, positionals: [ratings, ...others] }) {
    if (!ratings || others.length > 0) throw new StartError(help)

    await using data = await openData(recommendations, { command: 'import', env: process.env })
    const bar = createProgressBar(process.stderr)
    try {
      const imported = await importFiles(data.tables, { ratings, books, category }, (read) =>
        bar.show('ratings read:', read),
      )
      bar.end()
      const { taken, known, newBooks, undescribed } = imported
      console.log(
        `${taken} recorded, ${known} known already; ${newBooks} new books, ${undescribed} of them without a description.`,
      )
      console.log('Next, run `train` and restart the service.')
    } finally {
      bar.end()
    }
  },
})
