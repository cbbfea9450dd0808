import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Violation } from '../checker/find-violations.ts'
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

// Whether a fault shows depends on chance: where a run does not meet it, another one may.
const mostRuns = 3
const program = fileURLToPath(new URL('./planted-run.ts', import.meta.url))
// What is found in it is no fault of a service, but of this search.
const nothing: PlantedBug = { name: 'nothing', replacements: [] }

/**
 * Plants each fault in a copy of the workspace, and runs checkouts there until it is found. Resolves to whether each was, and nothing in
 * the sources as they are.
 */
export async function runPlantedBugs({ seed, only = '', isEmbedded, report }: PlantedBugsOptions): Promise<boolean> {
  let areAllRight = true
  for (const bug of [nothing, ...plantedBugs].filter(({ name }) => name.includes(only))) {
    const began = Date.now()
    const found = await findBug(bug)
    areAllRight &&= (found === undefined) === (bug === nothing)
    report(`${bug.name.padEnd(36)}  ${((Date.now() - began) / 1_000).toFixed(0)} s: ${found ?? 'NOT FOUND'}`)
  }
  return areAllRight

  /** The invariant that was contradicted the most, and how. */
  async function findBug(bug: PlantedBug): Promise<string | undefined> {
    await using copy = await copyWorkspace(thisWorkspace)
    plant(bug, copy.path)
    for (let nth = 0; nth < (bug === nothing ? 1 : mostRuns); nth++) {
      const violations = Map.groupBy(await runOnce(copy.path, seed + nth), ({ invariant }) => invariant)
      const [first] = [...violations].toSorted(([, some], [, others]) => others.length - some.length)
      if (first) return `${first[0]} (${first[1].length} times): ${first[1][0]?.text}`
    }
    return undefined
  }

  /** A run in a process of its own, which ends, with all that it started, as soon as it has found something. */
  async function runOnce(workspace: string, runSeed: number): Promise<Violation[]> {
    const database = isEmbedded ? 'PGlite' : 'PostgreSQL'
    const run = spawn(process.execPath, [program, workspace, String(runSeed), database], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const output = await text(run.stdout)
    if (output === '') throw new Error('a run ended without a verdict')
    return JSON.parse(output) as Violation[]
  }
}
