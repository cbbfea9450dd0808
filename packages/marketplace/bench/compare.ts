import { median } from '@books/rpc/bench'
import { contestants } from './contestants.ts'
import { acceptEncodings, openStage, type Stage, type Turn } from './stage.ts'

/** How one contestant did: medians of its turns. */
export interface Result extends Turn {
  name: string
  encoding: string
  /** Pages a second, as a share of those of the contestant that it is measured by: the median of the turns' shares. */
  speed: number | undefined
  /** Pages for each second on the processor, likewise. */
  thrift: number | undefined
}

/** How long the comparison takes. */
export interface Effort {
  rounds: number
  turns: number
  /** How long a contestant is visited before its first turn, for what is called often to be compiled. */
  warmUpSeconds: number
}

const turnSeconds = 0.5

/**
 * Compares the contestants. In a round each has a new process, since how well one was compiled and laid out in memory is
 * chance, too; and they take short turns, one right after the other, so that what else the machine does hits all of them.
 * Latencies are those at half of the pages that a contestant itself manages.
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

/** A turn of all contestants, by their names; each time another one is first. */
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
