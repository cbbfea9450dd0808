import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { compare, type Result } from './compare.ts'
import type { Effort } from './rounds.ts'
import { tableOf } from './table.ts'

const help = `Compares this package with bare grpc-js: calls a second, time on the processor for each, and latency.

  make bench-rpc ARGS='[options]'

  --rounds=NUMBER         how often all processes are restarted; 4
  --turns=NUMBER          turns of each contestant in a round, at full and at half load; 6
  --seconds=NUMBER        how long each turn takes; 0.6
  --warm-up=SECONDS       load on each contestant before its first turn; 4
  --side=server|client    compares only this side
  --json                  prints the results as JSON
  --help                  show this`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    turns: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '0.6' },
    // After a second the compilation of what has more code than bare grpc-js still takes the second core; after four, rates are stable.
    'warm-up': { type: 'string', default: '4' },
    side: { type: 'string' },
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
    seconds: Number(values.seconds),
    warmUpSeconds: Number(values['warm-up']),
  }
  const names = ['bare', 'books', 'books with telemetry', 'http2']
  const results: Result[] = []
  for (const side of ['server', 'client'] as const) {
    if (!values.side || values.side === side) results.push(...(await compare(side, names, effort)))
  }

  if (values.json) console.log(JSON.stringify({ ...effort, results }, null, 2))
  else console.log(`${conditions(effort)}\n\n${tableOf(results)}`)
}

function conditions({ rounds, turns, seconds }: Effort): string {
  const [cpu] = cpus()
  return `Medians of ${turns} turns of ${seconds} s in each of ${rounds} rounds; Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}.`
}
