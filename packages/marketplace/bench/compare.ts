import { type Effort, median, type Round, runRounds } from '@books/rpc/bench'
import { acceptEncodings } from './accept-encodings.ts'
import { contestants } from './contestants.ts'
import { openStage, type Turn } from './stage.ts'

/** The result of one contestant: medians of its turns. */
export interface Result extends Turn {
  name: string
  encoding: string
  /** Pages per second, relative to the reference contestant: the median over the turns. */
  speed: number | undefined
  /** Pages per second of CPU time, likewise. */
  thrift: number | undefined
}

const turnSeconds = 0.5

/** Compares the contestants. Latencies are measured at half of the contestant's own full load. */
export async function compare(encoding: string, effort: Omit<Effort, 'seconds'>): Promise<Result[]> {
  const rounds = await runRounds(
    contestants.map(({ name }) => name),
    { ...effort, seconds: turnSeconds },
    () => openStage(contestants, acceptEncodings[encoding] ?? encoding),
    (turns, name) => turns[name]!.pagesPerSecond / 2,
  )
  return contestants.map(({ name, bar }) => resultOf(name, bar?.of, encoding, rounds))
}

function resultOf(name: string, measure: string | undefined, encoding: string, rounds: Round<Turn>[]): Result {
  const full = rounds.flatMap((round) => round.full)
  const half = rounds.flatMap((round) => round.half)
  const medianOf = (all: typeof full, value: (turn: Turn) => number) => median(all.map((turns) => value(turns[name]!)))
  const shareOf = (value: (turn: Turn) => number) =>
    measure === undefined ? undefined : median(full.map((turns) => value(turns[name]!) / value(turns[measure]!)))
  return {
    ...{ name, encoding },
    pagesPerSecond: medianOf(full, (turn) => turn.pagesPerSecond),
    cpuMicrosPerPage: medianOf(full, (turn) => turn.cpuMicrosPerPage),
    p50Ms: medianOf(half, (turn) => turn.p50Ms),
    p99Ms: medianOf(half, (turn) => turn.p99Ms),
    bytesPerPage: medianOf(full, (turn) => turn.bytesPerPage),
    callsPerPage: medianOf(full, (turn) => turn.callsPerPage),
    speed: shareOf((turn) => turn.pagesPerSecond),
    thrift: shareOf((turn) => 1 / turn.cpuMicrosPerPage),
  }
}
