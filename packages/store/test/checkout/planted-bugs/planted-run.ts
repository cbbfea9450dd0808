import { findViolations } from '../checker/find-violations.ts'
import { runCheckouts, shortRun } from '../run-checkouts.ts'
import type { TellViolations } from '../watch-invariants.ts'

// Prints, as JSON, what contradicts the invariants in a run of the workspace that is given, and ends with the first that shows.
const [workspace, seed, database] = process.argv.slice(2)

const end: TellViolations = (violations) => {
  console.log(JSON.stringify(violations))
  // The processes of the run end with this one.
  process.exit()
}

const finished = await runCheckouts({
  ...shortRun,
  // As many kills as there are processes, with that of the database.
  ...{ checkouts: 150, customers: 75, kills: 6, pauses: 1 },
  ...{ seed: Number(seed), workspace, isEmbedded: database === 'PGlite', tellViolations: end },
})
end(findViolations(finished))
