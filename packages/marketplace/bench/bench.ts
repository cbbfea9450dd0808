import { cpus } from 'node:os'
import { choicesOption, numberOption, runCommand } from '@books/runtime/commands'
import { verdictsOf } from './bars.ts'
import { compare, type Result } from './compare.ts'
import { contestants } from './contestants.ts'
import { tableOf } from './table.ts'

const help = `Measures the front page: pages per second, CPU time per page, and latency at half of that load.

  make bench-web ARGS='[options]'

  --rounds=NUMBER     how often all processes are restarted; 3
  --turns=NUMBER      turns of half a second of each contestant in a round, at full and at half load; 8
  --warm-up=SECONDS   load on each contestant before its first turn; 4
  --encoding=NAME     accepted encoding: identity, gzip, br, zstd, or browser (all of them); may be repeated.
                      By default identity and then browser
  --json              prints the results as JSON
  --help              show this

${contestants.map(({ name, about }) => `  ${name.padEnd(24)}${about}`).join('\n')}`

await runCommand({
  help,
  options: {
    rounds: numberOption(3),
    turns: numberOption(8),
    'warm-up': numberOption(4, { least: 0, isWhole: false }),
    encoding: choicesOption(['identity', 'gzip', 'br', 'zstd', 'browser'], ['identity', 'browser']),
    json: { type: 'boolean', default: false },
  },
  async run({ values: { rounds, turns, 'warm-up': warmUpSeconds, encoding: encodings, json } }) {
    const effort = { rounds, turns, warmUpSeconds }
    const results: Result[] = []
    for (const encoding of encodings) results.push(...(await compare(encoding, effort)))

    if (json) console.log(JSON.stringify({ ...effort, results }, null, 2))
    else console.log([conditions(effort), ...encodings.map((encoding) => report(encoding, results))].join('\n\n'))
  },
})

function conditions({ rounds, turns }: { rounds: number; turns: number }): string {
  const [cpu] = cpus()
  return `Medians of ${turns} turns in ${rounds} rounds; Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}.`
}

function report(encoding: string, results: readonly Result[]): string {
  const own = results.filter((result) => result.encoding === encoding)
  return `Accept-Encoding: ${encoding}\n\n${tableOf(own)}\n\n${verdictsOf(own).join('\n')}`
}
