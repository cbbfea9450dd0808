import type { Load } from './drive.ts'

/** Contestants, each in a process of its own. */
export interface Stage<Turn> {
  /** Puts load on one contestant while the others are idle. */
  run(name: string, load: Load): Promise<Turn>
  close(): void
}

/** The extent of a comparison. */
export interface Effort {
  /** How often all processes are restarted. */
  rounds: number
  /** Turns of each contestant in a round, at full and at half load. */
  turns: number
  /** The length of a turn. */
  seconds: number
  /** Load on each contestant before its first turn, so that its code is compiled. */
  warmUpSeconds: number
}

/** One turn of each contestant, by its name. */
export type Turns<Turn> = Record<string, Turn>

/** The turns of one generation of processes. */
export interface Round<Turn> {
  full: Turns<Turn>[]
  half: Turns<Turn>[]
}

/**
 * Runs the contestants in short turns that alternate, in a rotated order, so that other load of the machine affects all of them.
 * Each round has new processes, as compilation and memory layout vary between processes. `halfRate` is the calls a second at
 * half load of a contestant, given the turns at full load right before.
 */
export async function runRounds<Turn>(
  names: readonly string[],
  { rounds, turns, seconds, warmUpSeconds }: Effort,
  openStage: () => Promise<Stage<Turn>>,
  halfRate: (turns: Turns<Turn>, name: string) => number,
): Promise<Round<Turn>[]> {
  const results: Round<Turn>[] = []
  for (let index = 0; index < rounds; index++) {
    const stage = await openStage()
    const round: Round<Turn> = { full: [], half: [] }
    try {
      for (const name of names) await stage.run(name, { seconds: warmUpSeconds })
      for (let turn = 0; turn < turns; turn++) {
        const order = [...names.slice(turn % names.length), ...names.slice(0, turn % names.length)]
        const full = await takeTurns(order, (name) => stage.run(name, { seconds }))
        const half = await takeTurns(order, (name) =>
          stage.run(name, { seconds, callsPerSecond: halfRate(full, name) }),
        )
        round.full.push(full)
        round.half.push(half)
      }
    } finally {
      stage.close()
    }
    results.push(round)
  }
  return results
}

async function takeTurns<Turn>(order: readonly string[], run: (name: string) => Promise<Turn>): Promise<Turns<Turn>> {
  const turns: Turns<Turn> = {}
  for (const name of order) turns[name] = await run(name)
  return turns
}
