import { type Load, median } from '@books/rpc/bench'
import { contestants } from './contestants.ts'
import { measure, type Round } from './measure.ts'

/** How one contestant did: medians of its rounds. */
export interface Result extends Round {
  name: string
  encoding: string
  /** Pages a second, as a share of those of the contestant that it is measured by: the median of the shares in each round. */
  speed: number | undefined
  /** Pages for each second on the processor, likewise. */
  thrift: number | undefined
}

/** How long the comparison takes. */
export interface Effort {
  rounds: number
  seconds: number
}

// What is called often is compiled by then.
const warmUp: Load = { seconds: 2 }

/**
 * Compares the contestants in short rounds that alternate, so that what else the machine does hits all of them. Each run
 * has new processes, since how well one of them was compiled and laid out in memory is chance, too. Latencies are those
 * at half of the pages that the contestant itself manages.
 */
export async function compare(encoding: string, { rounds, seconds }: Effort): Promise<Result[]> {
  const full = await runRounds(rounds, (name) => measure(name, encoding, { seconds }, warmUp))
  const half = await runRounds(rounds, (name) => {
    const load = { seconds, callsPerSecond: medianOf(full, name, ({ pagesPerSecond }) => pagesPerSecond) / 2 }
    return measure(name, encoding, load, { ...load, seconds: 2 })
  })

  return contestants.map(({ name, bar }) => {
    const shareOf = (value: (round: Round) => number) =>
      bar && median(full.map((round) => value(round[name]!) / value(round[bar.of]!)))
    return {
      ...{ name, encoding },
      pagesPerSecond: medianOf(full, name, (round) => round.pagesPerSecond),
      cpuMicrosPerPage: medianOf(full, name, (round) => round.cpuMicrosPerPage),
      p50Ms: medianOf(half, name, (round) => round.p50Ms),
      p99Ms: medianOf(half, name, (round) => round.p99Ms),
      bytesPerPage: medianOf(full, name, (round) => round.bytesPerPage),
      callsPerPage: medianOf(full, name, (round) => round.callsPerPage),
      speed: shareOf((round) => round.pagesPerSecond),
      thrift: shareOf((round) => 1 / round.cpuMicrosPerPage),
    }
  })
}

type Rounds = Record<string, Round>[]

/** Rounds of all contestants by name; each round begins with another one. */
async function runRounds(count: number, run: (name: string) => Promise<Round>): Promise<Rounds> {
  const rounds: Rounds = []
  for (let turn = 0; turn < count; turn++) {
    const round: Record<string, Round> = {}
    for (let step = 0; step < contestants.length; step++) {
      const { name } = contestants[(turn + step) % contestants.length]!
      round[name] = await run(name)
    }
    rounds.push(round)
  }
  return rounds
}

function medianOf(rounds: Rounds, name: string, value: (round: Round) => number): number {
  return median(rounds.map((round) => value(round[name]!)))
}
