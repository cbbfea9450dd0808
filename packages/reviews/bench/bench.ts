import { markdownTable } from '@books/rpc/bench'
import { numberOption, runCommand } from '@books/runtime/commands'
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
  options: { calls: numberOption(1_000) },
  async run({ values: { calls } }) {
    await measure('The embedded database', undefined)
    const programs = findPostgres()
    if (!programs) return
    const server = await startPostgres(programs)
    await measure('PostgreSQL', server.url)
    await server.stop()

    async function measure(name: string, databaseUrl: string | undefined): Promise<void> {
      const { rows, ranking } = await measureReviews({ databaseUrl, reviewCount, ratedCount, calls })
      const ratios = rows.map(({ ten, many }) => many.p99 / ten.p99)
      console.log(`${name}, in milliseconds:\n`)
      console.log(
        markdownTable(
          ['ListReviews', 'p50 of ten', `p50 of ${reviewCount}`, 'p99 of ten', `p99 of ${reviewCount}`, 'ratio of p99'],
          rows.map(({ list, ten, many }, index) => [
            list,
            ...[ten.p50, many.p50, ten.p99, many.p99, ratios[index] ?? 0].map((value) => value.toFixed(2)),
          ]),
        ),
      )
      const { first, later } = ranking
      console.log(`
The highest ratio is ${Math.max(...ratios).toFixed(2)}. ListTopRated with ${ratedCount} rated books: the call that ranks them takes
${first.toFixed(0)}, later ones ${later.p50.toFixed(2)} (median) and ${later.p99.toFixed(2)} (p99).
`)
    }
  },
})
