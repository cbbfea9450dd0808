import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { StartError } from '@books/runtime'
import { choiceOption, numberOption, runCommand } from '@books/runtime/commands'
import { findViolations } from './checker/find-violations.ts'
import type { Run } from './checker/invariant.ts'
import { plantedBugs } from './planted-bugs/bugs.ts'
import { runPlantedBugs } from './planted-bugs/run-planted-bugs.ts'
import { tableOf } from './report.ts'
import { type RunOptions, runCheckouts } from './run-checkouts.ts'

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

await runCommand({
  help,
  options: {
    seed: numberOption(Math.floor(Math.random() * 1_000_000), { least: 0 }),
    checkouts: numberOption(10_000),
    customers: numberOption(300),
    kills: numberOption(100, { least: 0 }),
    pauses: numberOption(40, { least: 0 }),
    expiry: choiceOption(['on', 'off', 'both'], 'both'),
    embedded: { type: 'boolean', default: false },
    'planted-bugs': { type: 'boolean', default: false },
    bug: { type: 'string', default: '' },
    check: { type: 'string' },
  },
  async run({ values: { 'planted-bugs': hasPlantedBugs, embedded: isEmbedded, bug, check, expiry, ...extent } }) {
    if (check !== undefined) return report(JSON.parse(readFileSync(check, 'utf8')) as Run)
    if (hasPlantedBugs) {
      if (!plantedBugs.some(({ name }) => name.includes(bug))) throw new StartError(`no planted bug is named ${bug}`)
      const options = { seed: extent.seed, isEmbedded, only: bug, report: console.log }
      process.exitCode = (await runPlantedBugs(options)) ? 0 : 1
      return
    }
    for (const hasExpiry of expiry === 'both' ? [true, false] : [expiry === 'on']) {
      await checkOut({ ...extent, isEmbedded }, hasExpiry)
    }
  },
})

type Extent = Pick<RunOptions, 'seed' | 'checkouts' | 'customers' | 'kills' | 'pauses' | 'isEmbedded'>

async function checkOut(extent: Extent, hasExpiry: boolean): Promise<void> {
  console.log(`\nSeed ${extent.seed}, orders ${hasExpiry ? 'expire after 20 s' : 'do not expire'}.`)
  const finished = await runCheckouts({
    ...extent,
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
