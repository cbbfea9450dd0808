import { markdownTable } from '@books/rpc/bench'
import { runCommand } from '@books/runtime/commands'
import { findPostgres, startPostgres } from '@books/runtime/testing'
import { measureReviews } from './measure-reviews.ts'

const help = `Measures ListReviews of a book with 100,000 reviews beside one of a book with ten: the 99th percentiles of calls that take turns,
and ListTopRated with 100,000 rated books.

  bench [--calls <n>]

  --calls  calls of each kind (default: 1000)`

const reviewCount = 100_000
const ratedCount = 100_000

await runCommand({
  help,
  options: { calls: { type: 'string', default: '1000' } },
  async run({ values: { calls } }) {
    await measure('The embedded database', undefined)
    const programs = findPostgres()
    if (!programs) return
    const server = await startPostgres(programs)
    await measure('PostgreSQL', server.url)
    await server.stop()

    async function measure(name: string, databaseUrl: string | undefined): Promise<void> {
      const { rows, ranking } = await measureReviews({ databaseUrl, reviewCount, ratedCount, calls: Number(calls) })
      const ratios = rows.map(({ ten, many }) => many / ten)
      console.log(`${name}, in milliseconds:\n`)
      console.log(
        markdownTable(
          ['ListReviews', 'p99 of ten', `p99 of ${reviewCount}`, 'ratio'],
          rows.map(({ list, ten, many }) => [list, ten.toFixed(2), many.toFixed(2), (many / ten).toFixed(2)]),
        ),
      )
      console.log(
        `\nThe highest ratio is ${Math.max(...ratios).toFixed(2)}. ListTopRated with ${ratedCount} rated books: the call that ranks them ${ranking.first.toFixed(0)}, the 99th percentile of later ones ${ranking.later.toFixed(2)}.\n`,
      )
    }
  },
})
