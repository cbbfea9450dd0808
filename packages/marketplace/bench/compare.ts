import { median } from '@books/rpc/bench'
import { acceptEncodings } from './accept-encodings.ts'
import { contestants } from './contestants.ts'
import { openStage, type Stage, type Turn } from './stage.ts'

/** The result of one contestant: medians of its turns. */
export interface Result extends Turn {
  name: string
  encoding: string
  /** Pages per second, relative to the reference contestant: the median over the turns. */
  speed: number | undefined
  /** Pages per second of CPU time, likewise. */
  thrift: number | undefined
}

/** The extent of a comparison. */
export interface Effort {
  rounds: number
  turns: number
  /** Load on each contestant before its first turn, so that its code is compiled. */
  warmUpSeconds: number
}

const turnSeconds = 0.5

/**
 * Compares the contestants. Each has a new process in every round, as compilation and memory layout vary; turns are short and
 * alternate, so that other load of the machine affects all contestants. Latencies are measured at half of the contestant's own
 * full load.
 */
export async function compare(encoding: string, effort: Effort): Promise<Result[]> {
  const full: Turns[] = []
  const half: Turns[] = []
  for (let round = 0; round < effort.rounds; round++) {
    const stage = await openStage(contestants, acceptEncodings[encoding] ?? encoding)
    try {
      for (const { name } of contestants) await stage.visit(name, { seconds: effort.warmUpSeconds })
      for (let turn = 0; turn < effort.turns; turn++) {
        const turns = await takeTurns(turn, stage, () => undefined)
        full.push(turns)
        half.push(await takeTurns(turn, stage, (name) => turns[name]!.pagesPerSecond / 2))
      }
    } finally {
      stage.close()
    }
  }
  return contestants.map(({ name, bar }) => resultOf(name, bar?.of, encoding, full, half))
}

type Turns = Record<string, Turn>

/** One turn of each contestant, by its name, in a rotated order. */
async function takeTurns(first: number, stage: Stage, pace: (name: string) => number | undefined): Promise<Turns> {
  const turns: Turns = {}
  for (let step = 0; step < contestants.length; step++) {
    const { name } = contestants[(first + step) % contestants.length]!
    turns[name] = await stage.visit(name, { seconds: turnSeconds, callsPerSecond: pace(name) })
  }
  return turns
}

function resultOf(name: string, measure: string | undefined, encoding: string, full: Turns[], half: Turns[]): Result {
  const medianOf = (all: Turns[], value: (turn: Turn) => number) => median(all.map((turns) => value(turns[name]!)))
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
