import { median } from './median.ts'
import { type Effort, type Round, runRounds } from './rounds.ts'
import { openStage, type Side, type Turn } from './stage.ts'

/** The result of one contestant: medians of its turns, and of its ratio to the first contestant in each turn. */
export interface Result extends Turn {
  side: Side
  name: string
  /** Calls a second, as a share of those of the first contestant. */
  speed: number
  /** The same for each round alone. */
  speedByRound: number[]
  /** Calls per second of CPU, as a share of those of the first contestant. */
  thrift: number
}

/** Compares the contestants of one side. Latencies are measured at half the throughput of the first contestant. */
export async function compare(side: Side, names: readonly string[], effort: Effort): Promise<Result[]> {
  const [first = ''] = names
  const rounds = await runRounds(
    names,
    effort,
    () => openStage(side, names),
    (turns) => turns[first]!.callsPerSecond / 2,
  )
  return names.map((name) => resultOf(side, name, first, rounds))
}

/** The result of a contestant, in units of the contestant `first`. */
export function resultOf(side: Side, name: string, first: string, rounds: readonly Round<Turn>[]): Result {
  const full = rounds.flatMap((round) => round.full)
  const half = rounds.flatMap((round) => round.half)
  const medianOf = (all: typeof full, value: (turn: Turn, reference: Turn) => number) =>
    median(all.map((turns) => value(turns[name]!, turns[first]!)))
  const speedOf = (turn: Turn, reference: Turn) => turn.callsPerSecond / reference.callsPerSecond
  return {
    ...{ side, name },
    callsPerSecond: medianOf(full, (turn) => turn.callsPerSecond),
    cpuMicrosPerCall: medianOf(full, (turn) => turn.cpuMicrosPerCall),
    speed: medianOf(full, speedOf),
    speedByRound: rounds.map((round) => medianOf(round.full, speedOf)),
    thrift: medianOf(full, (turn, reference) => reference.cpuMicrosPerCall / turn.cpuMicrosPerCall),
    p50Ms: medianOf(half, (turn) => turn.p50Ms),
    p99Ms: medianOf(half, (turn) => turn.p99Ms),
  }
}
