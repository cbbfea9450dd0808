import { cpus, loadavg } from 'node:os'
import { markdownTable, median } from '@books/rpc/bench'
import { StartError } from '@books/runtime'
import { choiceOption, numberOption, runCommand } from '@books/runtime/commands'
import { findPostgres } from '@books/runtime/testing'
import { type Round, runRound } from './run-round.ts'

const help = `Measures orders a second, from PlaceOrder to confirmed, of customers who pay at once on the page of the payment sandbox.
The ceiling is the same SQL statements with the same values and nothing else, for as many orders at a time.

  make bench-checkout ARGS='[options]'

  --rounds=NUMBER      of which the medians are shown; 3
  --orders=NUMBER      orders in a round; 400
  --warm-up=NUMBER     orders before them; 100
  --at-a-time=NUMBER   orders at a time; 64: that an order is final is told within half a second, so 16 could not be more than 32 a second
  --engine=NAME        PGlite, PostgreSQL or both; by default both, where there is PostgreSQL
  --help               shows this`

// Of the ceiling.
const bar = 0.5
const missed = `missed. 'node --cpu-prof bench/bench.ts --rounds=1' says where the time goes`

await runCommand({
  help,
  options: {
    rounds: numberOption(3),
    orders: numberOption(400),
    'warm-up': numberOption(100, { least: 0 }),
    'at-a-time': numberOption(64),
    engine: choiceOption(['PGlite', 'PostgreSQL', 'both'], 'both'),
  },
  async run({ values: { rounds, orders, 'warm-up': warmUp, 'at-a-time': atATime, engine: wanted } }) {
    const engines = findPostgres() ? (['PGlite', 'PostgreSQL'] as const) : (['PGlite'] as const)
    const chosen = engines.filter((name) => wanted === 'both' || name === wanted)
    if (chosen.length === 0) throw new StartError('there is no PostgreSQL on this machine')
    const rows: string[][] = []
    const verdicts: string[] = []
    for (const engine of chosen) {
      const measured: Round[] = []
      for (let round = 0; round < rounds; round++) measured.push(await runRound({ engine, orders, warmUp, atATime }))
      const share = median(measured.map(({ ordersPerSecond, ceilingPerSecond }) => ordersPerSecond / ceilingPerSecond))
      rows.push([engine, ...cellsOf(measured), share.toFixed(2)])
      verdicts.push(
        `${engine}: ${share.toFixed(2)} of the ceiling; ${bar} is wanted: ${share >= bar ? 'met' : missed}.`,
      )
    }

    const [cpu] = cpus()
    const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}, load ${loadavg()[0]?.toFixed(1)}`
    console.log(`Medians of ${rounds} rounds of ${orders} orders, ${atATime} at a time; ${machine}.\n`)
    console.log(markdownTable(['', 'orders/s', 'ceiling', 'statements/order', 'failed, %', 'of the ceiling'], rows))
    console.log(`\n${verdicts.join('\n')}`)
  },
})

function cellsOf(rounds: readonly Round[]): string[] {
  const of = (value: (round: Round) => number, digits: number) => median(rounds.map(value)).toFixed(digits)
  return [
    of(({ ordersPerSecond }) => ordersPerSecond, 1),
    of(({ ceilingPerSecond }) => ceilingPerSecond, 1),
    of(({ statementsPerOrder }) => statementsPerOrder, 0),
    of(({ failedShare }) => 100 * failedShare, 1),
  ]
}
