import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findViolations } from './checker/find-violations.ts'
import type { Run } from './checker/invariant.ts'
import { runPlantedBugs } from './planted-bugs/run-planted-bugs.ts'
import { tableOf } from './report.ts'
import { runCheckouts } from './run-checkouts.ts'

const help = `Lets customers check out at once while every process of the store is killed and paused at random, and then checks the
history and the final tables against all invariants.

  make checkout ARGS='[options]'

  --seed=NUMBER        what all random choices follow from; random by default, and printed
  --checkouts=NUMBER   10000
  --customers=NUMBER   how many check out at the same time; 300
  --kills=NUMBER       how often a process is ended with SIGKILL and started again; 100
  --pauses=NUMBER      how often a process is stopped with SIGSTOP for a while; 40
  --expiry=on|off|both whether orders that are not paid expire during the run; both, one run after the other
  --embedded           uses PGlite, a folder for each service, also where there is PostgreSQL
  --planted-bugs       applies each of twelve faults to a copy of the workspace, and runs until one invariant finds it; before them
                       none, which must find nothing
  --bug=NAME           only this one of them
  --check=FILE         checks a run that was recorded again
  --help               shows this

A run whose invariants do not hold is recorded in artefacts/checkout/, and the exit code is 1.`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    checkouts: { type: 'string', default: '10000' },
    customers: { type: 'string', default: '300' },
    kills: { type: 'string', default: '100' },
    pauses: { type: 'string', default: '40' },
    expiry: { type: 'string', default: 'both' },
    embedded: { type: 'boolean', default: false },
    'planted-bugs': { type: 'boolean', default: false },
    bug: { type: 'string' },
    check: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

const seed = Number(values.seed)
if (values.help) console.log(help)
else if (values.check) report(JSON.parse(readFileSync(values.check, 'utf8')) as Run)
else if (values['planted-bugs']) {
  const options = { seed, isEmbedded: values.embedded, only: values.bug ?? '', report: console.log }
  process.exitCode = (await runPlantedBugs(options)) ? 0 : 1
} else for (const hasExpiry of values.expiry === 'both' ? [true, false] : [values.expiry === 'on']) await run(hasExpiry)

async function run(hasExpiry: boolean): Promise<void> {
  console.log(`\nSeed ${seed}, orders ${hasExpiry ? 'expire after 20 s' : 'do not expire'}.`)
  const finished = await runCheckouts({
    seed,
    checkouts: Number(values.checkouts),
    customers: Number(values.customers),
    kills: Number(values.kills),
    pauses: Number(values.pauses),
    isEmbedded: values.embedded,
    payWithinMs: hasExpiry ? 20_000 : 30 * 60_000,
    answerDelayMs: 12_000,
    eventDelayMs: 5_000,
    report: console.log,
  })
  console.log(tableOf(finished))
  report(finished)
}

function report(run: Run): void {
  const violations = findViolations(run)
  if (violations.length === 0) {
    console.log('Every invariant holds.')
    return
  }
  process.exitCode = 1
  for (const [invariant, found] of Map.groupBy(violations, (violation) => violation.invariant)) {
    console.log(`${invariant}: ${found.length}`)
    for (const { text } of found.slice(0, 10)) console.log(`  ${text}`)
  }
  mkdirSync('../../artefacts/checkout', { recursive: true })
  const file = `../../artefacts/checkout/${Date.now()}.json`
  writeFileSync(file, JSON.stringify({ history: run.history, tables: run.tables }))
  console.log(`Recorded in ${file}`)
}
