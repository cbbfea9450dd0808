import type { Model } from '../src/model/model.ts'
import { createScorer } from '../src/model/scorer.ts'
import { createRandom } from '../src/random.ts'
import { createInteractions, type Interactions, itemsOf } from '../src/training/interactions.ts'
import { trainModel } from '../src/training/train-model.ts'
import { countCooccurrences } from './count-cooccurrences.ts'

/** Training times of one data set, as medians over the rounds. */
export interface TrainingTimes {
  readonly countMs: number
  /** On one thread. */
  readonly trainMs: number
  /** In units of the count of the same round. */
  readonly oneThreadRatio: number
  readonly twoThreadsRatio: number
  /** How many times faster two threads are than one. */
  readonly speedUp: number
}

/** Serving times in microseconds. */
export interface ServingTimes {
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

/**
 * Times the training against a plain count of co-occurrences. Everything is timed in each round, one after the other,
 * so that a slow phase of the machine affects all of them.
 */
export async function timeTraining(
  interactions: Interactions,
  rounds: number,
  onRound: (round: number) => void,
): Promise<TrainingTimes & { model: Model }> {
  let model: Model | undefined
  countCooccurrences(interactions)
  const times: { count: number; one: number; two: number }[] = []

  for (let round = 0; round < rounds; round++) {
    onRound(round)
    const count = await millisecondsOf(() => countCooccurrences(interactions))
    const one = await millisecondsOf(async () => (model = await trainModel(interactions, { threads: 1 })))
    const two = await millisecondsOf(() => trainModel(interactions, { threads: 2 }))
    times.push({ count, one, two })
  }

  return {
    countMs: medianOf(times.map(({ count }) => count)),
    trainMs: medianOf(times.map(({ one }) => one)),
    oneThreadRatio: medianOf(times.map(({ count, one }) => one / count)),
    twoThreadsRatio: medianOf(times.map(({ count, two }) => two / count)),
    speedUp: medianOf(times.map(({ one, two }) => one / two)),
    model: model!,
  }
}

const requests = 20_000

/** Times 20,000 lists of 20 for readers drawn at random, whose histories are taken for ordered by time. */
export function timeServing(model: Model, interactions: Interactions): ServingTimes {
  const { recommend } = createScorer(model)
  const random = createRandom(1)
  const ask = () => {
    const history = itemsOf(interactions, Math.floor(random() * interactions.readerCount))
    const times = history.map((_, rank) => -rank)
    const start = performance.now()
    recommend({ history, times, limit: 20 })
    return (performance.now() - start) * 1000
  }

  for (let warmUp = 0; warmUp < requests / 10; warmUp++) ask()
  const times = Float64Array.from({ length: requests }, ask).sort()
  const at = (share: number) => times[Math.floor(share * requests)]!
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}

/** The medians of some rounds. */
export function medianServing(rounds: readonly ServingTimes[]): ServingTimes {
  const [p50, p99, p999] = (['p50', 'p99', 'p999'] as const).map((share) =>
    medianOf(rounds.map((times) => times[share])),
  )
  return { p50: p50!, p99: p99!, p999: p999! }
}

/** The same data set with every `n`th reader. */
export function everyNthReader(interactions: Interactions, n: number): Interactions {
  return createInteractions(rowsOf(interactions).filter((_, reader) => reader % n === 0))
}

/** The same data set with every `n`th item. */
export function everyNthItem(interactions: Interactions, n: number): Interactions {
  return createInteractions(
    rowsOf(interactions).map((row) => row.filter((item) => item % n === 0).map((item) => item / n)),
  )
}

function rowsOf(interactions: Interactions) {
  return Array.from({ length: interactions.readerCount }, (_, reader) => itemsOf(interactions, reader))
}

async function millisecondsOf(work: () => unknown) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function medianOf(values: readonly number[]) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!
}
