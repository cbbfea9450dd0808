import { recencyWeightsOf } from '../src/model/recency.ts'
import { createScorer } from '../src/model/scorer.ts'
import type { CandidateOptions } from '../src/training/candidates.ts'
import {
  candidateOptions,
  type Hyperparameters,
  hyperparameterSets,
  requireHyperparameters,
} from '../src/training/hyperparameters.ts'
import { readerCountsOf } from '../src/training/interactions.ts'
import { trainModel } from '../src/training/train-model.ts'
import { createTraining, findAllCandidates, solveItems } from '../src/training/training.ts'
import { createUnpackedRanker, itemScalesOf } from '../src/training/unpacked-model.ts'
import { createPoolControl, joinPool } from '../src/training/worker-pool.ts'
import { type Figures, historyOf, measure, type Ranker } from './evaluation.ts'
import type { Split } from './read-split.ts'

/** A line of the table. */
export interface AblationRow {
  readonly name: string
  readonly figures: Figures
}

const listLength = 20

/** Evaluates the model with and without each of its steps, one row at a time. */
export async function* ablate(split: Split, threads: number): AsyncGenerator<AblationRow> {
  const { train, test } = split
  const model = await trainModel(train, { threads })
  const hyperparameters = requireHyperparameters(model.origin.hyperparameters)
  const row = (name: string, rank: Ranker): AblationRow => ({ name, figures: measure(rank, test) })
  const served = (basis: 'weights' | 'popularity', longestHistory: number): Ranker => {
    const { recommend } = createScorer(model, { longestHistory })
    return (reader) => recommend({ ...historyOf(train, reader), limit: listLength, basis }).map(({ item }) => item)
  }

  yield row('popularity', served('popularity', Infinity))
  yield row('kNN: cosine', unpackedRanker(split, { ...plainCosine, values: 'cosines' }))
  yield row('kNN: + shrinkage, readers weighted', unpackedRanker(split, { values: 'cosines' }))
  yield row(`ridge: hyperparameters "${hyperparameters.name}"`, unpackedRanker(split, { hyperparameters }))
  for (const other of hyperparameterSets) {
    if (other !== hyperparameters)
      yield row(`  with hyperparameters "${other.name}"`, unpackedRanker(split, { hyperparameters: other }))
  }
  for (const [name, change] of Object.entries(changesOf(hyperparameters)))
    yield row(`  ${name}`, unpackedRanker(split, change))
  if (train.isOrdered.includes(1)) {
    for (const recencyExponent of [0, 0.3, 0.7, 1]) {
      const name =
        recencyExponent === 0 ? 'all of a history weighs the same' : `the k-th newest weighs k^-${recencyExponent}`
      yield row(`  ${name}`, unpackedRanker(split, { hyperparameters, recencyExponent }))
    }
  }
  yield row('packed in bytes', served('weights', Infinity))
  yield row('  with the 300 first of a history', served('weights', 300))
}

interface Change {
  readonly candidates?: Partial<CandidateOptions>
  readonly hyperparameters?: Hyperparameters
  readonly values?: 'weights' | 'cosines'
  readonly recencyExponent?: number
}

const plainCosine: Change = { candidates: { shrink: 0, readerExponent: 0, longestHistory: Infinity } }

function changesOf(hyperparameters: Hyperparameters): Record<string, Change> {
  const withRidge = (ridge: Partial<Hyperparameters['ridge']>) => ({
    hyperparameters: { ...hyperparameters, ridge: { ...hyperparameters.ridge, ...ridge } },
  })

  return {
    'candidates by plain cosine': { ...plainCosine, hyperparameters },
    'half the candidates': { candidates: { neighbours: candidateOptions.neighbours / 2 }, hyperparameters },
    'twice the candidates': { candidates: { neighbours: candidateOptions.neighbours * 2 }, hyperparameters },
    'as many candidates for one reader as for many': {
      candidates: { neighboursPerReader: candidateOptions.neighbours },
      hyperparameters,
    },
    'readers not weighted (γ = 0)': withRidge({ readerExponent: 0 }),
    'the same penalty for all (τ = 0)': withRidge({ penaltyExponent: 0 }),
    'hardly any penalty (κ = 0.1)': withRidge({ penalty: 0.1 }),
    'one sweep': withRidge({ sweeps: 1 }),
    'up to 30 sweeps': withRidge({ sweeps: 30 }),
    'scores not scaled by count (δ = 0)': { hyperparameters: { ...hyperparameters, countExponent: 0 } },
  }
}

/** A ranker by an unpacked model that is trained with the change. */
function unpackedRanker({ train }: Split, change: Change): Ranker {
  const { candidates, hyperparameters, values = 'weights', recencyExponent = 0.5 } = change
  const options = { ...candidateOptions, ...candidates }
  const training = createTraining(train, {
    candidateOptions: options,
    hyperparameterSets: [hyperparameters ?? hyperparameterSets[0]],
    seed: 1,
  })
  const pool = joinPool(createPoolControl(1))
  findAllCandidates(pool, training, train)
  if (hyperparameters) solveItems(pool, training, train, hyperparameters)

  const rankable = Int32Array.from({ length: train.itemCount }, (_, item) => item)
  const scales = itemScalesOf(readerCountsOf(train), hyperparameters?.countExponent ?? 0)
  const table = values === 'weights' ? training.unpacked.weights : training.unpacked.candidates.cosines
  const rank = createUnpackedRanker(training.unpacked, { values: table, scales, rankable, limit: listLength })
  return (reader) => {
    const { history, times } = historyOf(train, reader)
    return rank(history, times && recencyWeightsOf(times, (k) => k ** -recencyExponent))
  }
}
