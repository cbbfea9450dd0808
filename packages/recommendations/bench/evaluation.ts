import type { ModelOrigin } from '../src/model/model.ts'
import { createScorer } from '../src/model/scorer.ts'
import { type Interactions, itemsOf } from '../src/training/interactions.ts'
import { ndcgAt, recallAt } from '../src/training/metrics.ts'
import { type TrainModelOptions, trainModel } from '../src/training/train-model.ts'
import { peakMemoryMb } from './peak-memory.ts'
import type { Split } from './read-split.ts'

/** Means over the evaluated readers, from 0 to 1. */
export interface Figures {
  readonly 'recall@10': number
  readonly 'recall@20': number
  readonly 'ndcg@10': number
  readonly 'ndcg@20': number
}

/** The results of `evaluate`. */
export interface Evaluation {
  /** Readers with at least one item in the test part. */
  readonly readers: number
  readonly models: { readonly popularity: Figures; readonly itemKnn: Figures; readonly engine: Figures }
  readonly trainSeconds: number
  readonly evaluateSeconds: number
  readonly peakMb: number
}

/** Returns an ordered list of 20 items for a reader of the training part. */
export type Ranker = (reader: number) => ArrayLike<number>

const longestList = 20

/**
 * Trains on one part and evaluates on the other, ranking all items but those that the reader has in training.
 * The model is packed, as in service, but whole histories count where none has newest items.
 */
export async function evaluate(
  { train, test }: Split,
  options: TrainModelOptions = {},
): Promise<Evaluation & { origin: ModelOrigin }> {
  const trainingStart = performance.now()
  const model = await trainModel(train, options)
  const trainSeconds = secondsSince(trainingStart)

  const evaluationStart = performance.now()
  const { recommend } = createScorer(model, {
    longestList,
    ...(train.isOrdered.includes(1) ? {} : { longestHistory: Infinity }),
  })
  const rankBy = (basis?: 'cosines' | 'popularity') => (reader: number) =>
    recommend({ ...historyOf(train, reader), limit: longestList, ...(basis && { basis }) }).map(({ item }) => item)

  const models = {
    popularity: measure(rankBy('popularity'), test),
    itemKnn: measure(rankBy('cosines'), test),
    engine: measure(rankBy(), test),
  }
  return {
    readers: evaluatedReaders(test).length,
    models,
    trainSeconds,
    evaluateSeconds: secondsSince(evaluationStart),
    peakMb: peakMemoryMb(),
    origin: model.origin,
  }
}

/** What a scorer is asked with for a reader of a data set. Times are ranks. */
export function historyOf(interactions: Interactions, reader: number): { history: Int32Array; times?: Int32Array } {
  const history = itemsOf(interactions, reader)
  return interactions.isOrdered[reader] === 1 ? { history, times: history.map((_, rank) => -rank) } : { history }
}

/** Measures a ranker against what the readers have in the test part. */
export function measure(rank: Ranker, test: Interactions): Figures {
  const readers = evaluatedReaders(test)
  const sums = { 'recall@10': 0, 'recall@20': 0, 'ndcg@10': 0, 'ndcg@20': 0 }

  for (const reader of readers) {
    const ranking = rank(reader)
    const relevant = new Set(itemsOf(test, reader))
    sums['recall@10'] += recallAt(ranking, relevant, 10)
    sums['recall@20'] += recallAt(ranking, relevant, 20)
    sums['ndcg@10'] += ndcgAt(ranking, relevant, 10)
    sums['ndcg@20'] += ndcgAt(ranking, relevant, 20)
  }

  const meanOf = (sum: number) => (readers.length > 0 ? sum / readers.length : 0)
  return {
    'recall@10': meanOf(sums['recall@10']),
    'recall@20': meanOf(sums['recall@20']),
    'ndcg@10': meanOf(sums['ndcg@10']),
    'ndcg@20': meanOf(sums['ndcg@20']),
  }
}

function evaluatedReaders(test: Interactions) {
  return Array.from({ length: test.readerCount }, (_, reader) => reader).filter(
    (reader) => itemsOf(test, reader).length > 0,
  )
}

function secondsSince(start: number) {
  return Math.round(performance.now() - start) / 1000
}
