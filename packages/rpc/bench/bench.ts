import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { compare, type Result } from './compare.ts'
import { tableOf } from './table.ts'

const help = `Compares this package with bare grpc-js: calls a second, time on the processor for each, and latency.

  node bench/bench.ts [options]

  --rounds=NUMBER         how often each contestant runs, of which the medians are shown; 5
  --seconds=NUMBER        how long each run takes; 2
  --side=server|client    compares only this side
  --json                  prints the results as JSON
  --help                  show this`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    side: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) console.log(help)
else await main()

async function main() {
  const effort = { rounds: Number(values.rounds), seconds: Number(values.seconds) }
  const names = ['bare', 'books', 'books with telemetry', 'http2']
  const results: Result[] = []
  for (const side of ['server', 'client'] as const) {
    if (!values.side || values.side === side) results.push(...(await compare(side, names, effort)))
  }

  if (values.json) console.log(JSON.stringify({ ...effort, results }, null, 2))
  else console.log(`${conditions(effort)}\n\n${tableOf(results)}`)
}

function conditions({ rounds, seconds }: { rounds: number; seconds: number }): string {
  const [cpu] = cpus()
  return `Medians of ${rounds} rounds of ${seconds} s; Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}.`
}
