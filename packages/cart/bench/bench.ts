import { markdownTable } from '@books/rpc/bench'
import { numberOption, runCommand } from '@books/runtime/commands'
import { findPostgres, startPostgres } from '@books/runtime/testing'
import { measureGetCart } from './get-cart-ratio.ts'

const help = `Measures GetCart, in units of a call that makes the same queries and answers a constant.

  bench [--rounds <n>] [--calls <n>]

  --rounds  rounds to take the median of (default: 7)
  --calls   calls of each in a round (default: 3000)`

await runCommand({
  help,
  options: { rounds: numberOption(7), calls: numberOption(3_000) },
  async run({ values: { rounds, calls } }) {
    const rows = [await measure('embedded', undefined)]
    const programs = findPostgres()
    if (programs) {
      const server = await startPostgres(programs)
      rows.push(await measure('PostgreSQL', server.url))
      await server.stop()
    }
    console.log(markdownTable(['Database', 'GetCart/s', 'the same query/s', 'ratio'], rows))

    async function measure(name: string, databaseUrl: string | undefined): Promise<string[]> {
      const { getCart, constant, ratio } = await measureGetCart({ databaseUrl, rounds, callsInRound: calls })
      return [name, getCart.toFixed(0), constant.toFixed(0), ratio.toFixed(2)]
    }
  },
})
