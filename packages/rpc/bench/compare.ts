import type { Load } from './drive.ts'
import { measure, type Round, type Side } from './measure.ts'
import { median } from './median.ts'

/** How one contestant did: medians of its rounds, and of what it was in each round to the first contestant. */
export interface Result {
  side: Side
  name: string
  callsPerSecond: number
  cpuMicrosPerCall: number
  /** Calls a second, as a share of those of the first contestant. */
  speed: number
  /** Calls for each second on the processor, as a share of those of the first contestant. */
  thrift: number
  /** Latencies with half the calls that the first contestant manages. */
  p50Ms: number
  p99Ms: number
}

/** How long the comparison takes. */
export interface Effort {
  rounds: number
  seconds: number
}

/**
 * Compares the contestants of one side in short rounds that alternate, so that what else the machine does hits all of
 * them. Each run has new processes, since how well one of them was compiled and laid out in memory is chance, too.
 */
export async function compare(side: Side, names: readonly string[], { rounds, seconds }: Effort): Promise<Result[]> {
  const full = await runRounds(side, names, { seconds }, rounds)
  const callsPerSecond = median(full.map(([bare]) => bare?.callsPerSecond ?? 0)) / 2
  const half = await runRounds(side, names, { seconds, callsPerSecond }, rounds)

  return names.map((name, index) => {
    const of = (all: Round[][], value: (round: Round, first: Round) => number) =>
      median(all.map((round) => value(round[index] as Round, round[0] as Round)))
    return {
      side,
      name,
      callsPerSecond: of(full, (round) => round.callsPerSecond),
      cpuMicrosPerCall: of(full, (round) => round.cpuMicrosPerCall),
      speed: of(full, (round, first) => round.callsPerSecond / first.callsPerSecond),
      thrift: of(full, (round, first) => first.cpuMicrosPerCall / round.cpuMicrosPerCall),
      p50Ms: of(half, (round) => round.p50Ms),
      p99Ms: of(half, (round) => round.p99Ms),
    }
  })
}

/** Rounds of all contestants, in the contestants' order; each round begins with another one. */
async function runRounds(side: Side, names: readonly string[], load: Load, count: number): Promise<Round[][]> {
  const rounds: Round[][] = []
  for (let turn = 0; turn < count; turn++) {
    const round: Round[] = []
    for (let step = 0; step < names.length; step++) {
      const index = (turn + step) % names.length
      round[index] = await measure(side, names[index] ?? '', load)
    }
    rounds.push(round)
  }
  return rounds
}
