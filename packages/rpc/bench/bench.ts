import { cpus } from 'node:os'
import { choiceOption, numberOption, runCommand } from '@books/runtime/commands'
import { compare, type Result } from './compare.ts'
import type { Effort } from './rounds.ts'
import { tableOf } from './table.ts'

const help = `Compares this package with bare grpc-js: calls a second, time on the processor for each, and latency.

  make bench-rpc ARGS='[options]'

  --rounds=NUMBER         how often all processes are restarted; 4
  --turns=NUMBER          turns of each contestant in a round, at full and at half load; 6
  --seconds=NUMBER        how long each turn takes; 0.6
  --warm-up=SECONDS       load on each contestant before its first turn; 4
  --side=server|client    compares only this side; both
  --json                  prints the results as JSON
  --help                  show this`

await runCommand({
  help,
  options: {
    rounds: numberOption(4),
    turns: numberOption(6),
    seconds: numberOption(0.6, { least: 0.1, isWhole: false }),
    // After a second the compilation of what has more code than bare grpc-js still takes the second core; after four, rates are stable.
    'warm-up': numberOption(4, { least: 0, isWhole: false }),
    side: choiceOption(['server', 'client', 'both'], 'both'),
    json: { type: 'boolean', default: false },
  },
  async run({ values: { rounds, turns, seconds, 'warm-up': warmUpSeconds, side: wanted, json } }) {
    const effort = { rounds, turns, seconds, warmUpSeconds }
    const names = ['bare', 'books', 'books with telemetry', 'http2']
    const results: Result[] = []
    for (const side of ['server', 'client'] as const) {
      if (wanted === 'both' || wanted === side) results.push(...(await compare(side, names, effort)))
    }

    if (json) console.log(JSON.stringify({ ...effort, results }, null, 2))
    else console.log(`${conditions(effort)}\n\n${tableOf(results)}`)
  },
})

function conditions({ rounds, turns, seconds }: Effort): string {
  const [cpu] = cpus()
  return `Medians of ${turns} turns of ${seconds} s in each of ${rounds} rounds; Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}.`
}
