import type { Model } from '../model/model.ts'
import { type CandidateOptions, createCandidateSearch } from './candidates.ts'
import { holdOut } from './hold-out.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { type Interactions, readerCountsOf } from './interactions.ts'
import { type Choice, packModel } from './pack-model.ts'
import { createPredictors, fillPredictors, type Predictors } from './predictors.ts'
import { createRidge } from './ridge.ts'
import { createUnpackedModel, type UnpackedModel } from './unpacked-model.ts'
import {
  createValidationResults,
  createValidationSplit,
  createValidator,
  figuresOf,
  type ValidationResults,
  type ValidationSplit,
} from './validation-split.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Everything the threads of one training work on, in shared memory. */
export interface Training extends Omit<TrainingOptions, 'seed'> {
  readonly interactions: Interactions
  readonly split: ValidationSplit
  /** Those of each set: a thread may validate the next one while another still reads the figures. */
  readonly results: readonly ValidationResults[]
  readonly unpacked: UnpackedModel
  readonly predictors: Predictors
}

/** How a training runs. */
export interface TrainingOptions {
  readonly candidateOptions: CandidateOptions
  /** The sets to choose from; the first is kept when there is too little to choose by. */
  readonly hyperparameterSets: readonly [Hyperparameters, ...Hyperparameters[]]
  /** Decides which interactions are held out for the choice. */
  readonly seed: number
}

/** The share of the interactions that is held out to compare sets of hyperparameters. */
const validationFraction = 0.1
/** With fewer validated readers than this, chance would choose. */
const minValidationReaders = 50

/** The first set is kept unless another is this many times better: smaller differences are chance. */
const requiredImprovement = 1.01

/** Lays out the memory of a training. */
export function createTraining(interactions: Interactions, { seed, ...options }: TrainingOptions): Training {
  const unpacked = createUnpackedModel(readerCountsOf(interactions), options.candidateOptions)
  const split = createValidationSplit(holdOut(interactions, { fraction: validationFraction, seed }), seed)

  return {
    ...options,
    interactions,
    split,
    results: options.hyperparameterSets.map(() => createValidationResults(split)),
    unpacked,
    predictors: createPredictors(unpacked.candidates),
  }
}

/** Trains as one of the pool's threads. The first gets the model; the others help. */
export function trainOnPool(pool: WorkerPool, training: Training): Model | undefined {
  const { interactions, unpacked } = training
  const choice = chooseHyperparameters(pool, training)
  findAllCandidates(pool, training, interactions)
  solveItems(pool, training, interactions, choice.hyperparameters)

  let model: Model | undefined
  pool.single('packing', () => {
    model = packModel(unpacked, interactions, choice)
  })
  return model
}

function chooseHyperparameters(pool: WorkerPool, training: Training): Choice {
  const { hyperparameterSets: sets, split, results, unpacked } = training
  if (sets.length === 1 || split.readers.length < minValidationReaders) return { hyperparameters: sets[0], figures: [] }

  findAllCandidates(pool, training, split.train)
  const figures = sets.map((set, index) => {
    // Sets that differ in the scale of scores only have the same weights.
    if (set.ridge !== sets[index - 1]?.ridge) solveItems(pool, training, split.train, set, split.items)
    const validate = createValidator(split, unpacked, set, results[index]!)
    pool.parallelFor(`validating (${set.name})`, split.readers.length, validate)
    return figuresOf(results[index]!, split, set)
  })

  const qualities = figures.map(({ recall, ndcg }, index) => (recall + ndcg) * (index === 0 ? requiredImprovement : 1))
  return { hyperparameters: sets[qualities.indexOf(Math.max(...qualities))]!, figures }
}

/** Finds the candidates of all items of `interactions`, into the unpacked model. */
export function findAllCandidates(
  pool: WorkerPool,
  { candidateOptions, unpacked, predictors }: Training,
  interactions: Interactions,
) {
  const findCandidates = createCandidateSearch(interactions, candidateOptions, unpacked.candidates)
  pool.parallelFor('finding neighbours', interactions.itemCount, findCandidates)
  pool.single('transposing neighbours', () => fillPredictors(unpacked.candidates, predictors))
}

/** Solves the weights of all items of `interactions`, or of some, into the unpacked model. */
export function solveItems(
  pool: WorkerPool,
  { unpacked, predictors }: Training,
  interactions: Interactions,
  { name, ridge }: Hyperparameters,
  items?: Int32Array,
) {
  const solveItem = createRidge(interactions, predictors, ridge, unpacked.weights)
  const phase = `solving weights (${name})`
  if (items) pool.parallelFor(phase, items.length, (index) => solveItem(items[index]!))
  else pool.parallelFor(phase, interactions.itemCount, solveItem)
}
