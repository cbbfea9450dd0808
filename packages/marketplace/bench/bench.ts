import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { verdictsOf } from './bars.ts'
import { compare, type Effort, type Result } from './compare.ts'
import { contestants } from './contestants.ts'
import { tableOf } from './table.ts'

const help = `Measures the front page: pages a second, time on the processor for each, and latency at half of that load.

  node bench/bench.ts [options]

  --rounds=NUMBER     how often all start anew; 3
  --turns=NUMBER      how many turns of half a second each takes in a round, and as many at half load; 8
  --warm-up=SECONDS   how long each is visited before its first turn; 4
  --encoding=NAME     what visitors accept: identity, gzip, br, zstd, or browser, which is all of them.
                      Without it, identity and then browser
  --json              prints the results as JSON
  --help              show this

${contestants.map(({ name, about }) => `  ${name.padEnd(24)}${about}`).join('\n')}`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    turns: { type: 'string', default: '8' },
    'warm-up': { type: 'string', default: '4' },
    encoding: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) console.log(help)
else await main()

async function main() {
  const effort = {
    rounds: Number(values.rounds),
    turns: Number(values.turns),
    warmUpSeconds: Number(values['warm-up']),
  }
  const encodings = values.encoding === undefined ? ['identity', 'browser'] : [values.encoding]
  const results: Result[] = []
  for (const encoding of encodings) results.push(...(await compare(encoding, effort)))

  if (values.json) console.log(JSON.stringify({ ...effort, results }, null, 2))
  else console.log([conditions(effort), ...encodings.map((encoding) => report(encoding, results))].join('\n\n'))
}

function conditions({ rounds, turns }: Effort): string {
  const [cpu] = cpus()
  return `Medians of ${turns} turns in ${rounds} rounds; Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}.`
}

function report(encoding: string, results: readonly Result[]): string {
  const own = results.filter((result) => result.encoding === encoding)
  return `Accept-Encoding: ${encoding}\n\n${tableOf(own)}\n\n${verdictsOf(own).join('\n')}`
}
