import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { verdictsOf } from './bars.ts'
import { compare, type Result } from './compare.ts'
import { contestants } from './contestants.ts'
import { tableOf } from './table.ts'

const help = `Measures the front page: pages per second, CPU time per page, and latency at half of that load.

  node bench/bench.ts [options]

  --rounds=NUMBER     how often all processes are restarted; 3
  --turns=NUMBER      turns of half a second of each contestant in a round, at full and at half load; 8
  --warm-up=SECONDS   load on each contestant before its first turn; 4
  --encoding=NAME     accepted encoding: identity, gzip, br, zstd, or browser (all of them).
                      By default identity and then browser
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

function conditions({ rounds, turns }: { rounds: number; turns: number }): string {
  const [cpu] = cpus()
  return `Medians of ${turns} turns in ${rounds} rounds; Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}.`
}

function report(encoding: string, results: readonly Result[]): string {
  const own = results.filter((result) => result.encoding === encoding)
  return `Accept-Encoding: ${encoding}\n\n${tableOf(own)}\n\n${verdictsOf(own).join('\n')}`
}
