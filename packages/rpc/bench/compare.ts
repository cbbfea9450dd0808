import type { Load } from './drive.ts'
import { measure, type Round, type Side } from './measure.ts'
import { median } from './median.ts'

/** The result of one contestant: medians of its rounds, and of its ratio to the first contestant in each round. */
export interface Result {
  side: Side
  name: string
  callsPerSecond: number
  cpuMicrosPerCall: number
  /** Calls a second, as a share of those of the first contestant. */
  speed: number
  /** Calls per second of CPU, as a share of those of the first contestant. */
  thrift: number
  /** Latencies at half the throughput of the first contestant. */
  p50Ms: number
  p99Ms: number
}

/** How long the comparison takes. */
export interface Effort {
  rounds: number
  seconds: number
}

/**
 * Compares the contestants of one side in short, alternating rounds, so that other load on the machine affects all of them.
 * Each round has new processes, as compilation and memory layout vary between processes.
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

/** The rounds of all contestants, in their order; each round begins with another contestant. */
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
