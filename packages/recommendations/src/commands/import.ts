import { categories } from '@books/catalogue'
import { StartError } from '@books/runtime'
import { createProgressBar, runCommand } from '@books/runtime/commands'
import { openData } from '@books/service/commands'
import { importFiles } from '../import/import-files.ts'
import { recommendations } from '../service.ts'

const help = `Imports what readers did, all of it or nothing. The simulated readers leave the store.

  run import <ratings.csv> [--books <books.csv>] [--category <category>]

The first line of a file names its columns, and tells the layout by them: Book-Crossing, MovieLens, goodbooks, or plain
reader,book,kind,time (and rating, for the kind "rated"). A name that ends in .gz is gunzipped.
  --books     titles, authors, years and categories of the books, in the same layouts
  --category  for books whose category no file tells (default: CLASSICS)

It writes where DATABASE_URL or DATA_DIR say; a service that has the folder of DATA_DIR open must be stopped first.`

await runCommand({
  help,
  options: { books: { type: 'string' }, category: { type: 'string', default: 'CLASSICS' } },
  async run({ values, positionals: [ratings, ...others] }) {
    if (!ratings || others.length > 0) throw new StartError(help)
    const category = categories.find((name) => name === values.category)
    if (!category) throw new StartError(`--category must be one of ${categories.join(', ')}`)

    await using data = await openData(recommendations, { command: 'import', env: process.env })
    const bar = createProgressBar(process.stderr)
    try {
      const imported = await importFiles(data.tables, { ratings, books: values.books, category }, (read) =>
        bar.show('ratings read:', read),
      )
      bar.end()
      const { taken, known, newBooks, undescribed } = imported
      console.log(
        `${taken} taken, ${known} known already; ${newBooks} new books, ${undescribed} of them without a description.`,
      )
      console.log('Train a model next, and start the service anew.')
    } finally {
      bar.end()
    }
  },
})
