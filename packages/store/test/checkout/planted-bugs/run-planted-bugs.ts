import { findViolations } from '../checker/find-violations.ts'
import { runCheckouts, shortRun } from '../run-checkouts.ts'
import { thisWorkspace } from '../stage.ts'
import { plantedBugs } from './bugs.ts'
import { copyWorkspace } from './copy-workspace.ts'
import { type PlantedBug, plant } from './planted-bug.ts'

/** How planted faults are looked for. */
export interface PlantedBugsOptions {
  seed: number
  /** Part of the name of those that are planted; all where it is empty. */
  only?: string
  isEmbedded?: boolean
  report(text: string): void
}

const run = { ...shortRun, checkouts: 150, customers: 75, kills: 5, pauses: 1 }
// Whether a fault shows depends on chance: where a run does not meet it, another one may.
const mostRuns = 3

/** Plants each fault in a copy of the workspace, and runs checkouts there. Resolves to whether each was found. */
export async function runPlantedBugs({ seed, only = '', isEmbedded, report }: PlantedBugsOptions): Promise<boolean> {
  let areAllFound = true
  for (const bug of plantedBugs.filter(({ name }) => name.includes(only))) {
    const found = await findBug(bug)
    areAllFound &&= found !== undefined
    report(`${bug.name.padEnd(36)}  ${found ?? 'NOT FOUND'}`)
  }
  return areAllFound

  /** The invariant that was contradicted the most, and how. */
  async function findBug(bug: PlantedBug): Promise<string | undefined> {
    await using copy = await copyWorkspace(thisWorkspace)
    plant(bug, copy.path)
    for (let nth = 0; nth < mostRuns; nth++) {
      const finished = await runCheckouts({ ...run, seed: seed + nth, workspace: copy.path, isEmbedded })
      const violations = Map.groupBy(findViolations(finished), ({ invariant }) => invariant)
      const [first] = [...violations].toSorted(([, some], [, others]) => others.length - some.length)
      if (first) return `${first[0]} (${first[1].length} times): ${first[1][0]?.text}`
    }
    return undefined
  }
}
