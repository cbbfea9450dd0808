import type { Model } from '../model/model.ts'
import type { CandidateOptions } from './candidates.ts'
import { createCandidateSearch } from './candidates.ts'
import { holdOut } from './hold-out.ts'
import type { Recipe } from './hyperparameters.ts'
import type { Interactions } from './interactions.ts'
import { readerCountsOf } from './interactions.ts'
import { packModel } from './pack-model.ts'
import type { Predictors } from './predictors.ts'
import { createPredictors, fillPredictors } from './predictors.ts'
import { createRidge } from './ridge.ts'
import type { Draft } from './unpacked-model.ts'
import { createDraft } from './unpacked-model.ts'
import type { RecipeFigures, Trial } from './validation-split.ts'
import { createTrial, createTrialRun, figuresOf } from './validation-split.ts'
import type { Team } from './worker-pool.ts'

/** Everything the threads of one training work on, in shared memory. */
export interface Training {
  readonly interactions: Interactions
  readonly candidateOptions: CandidateOptions
  /** The recipes to choose from; the first is kept when there is too little to choose by. */
  readonly recipes: readonly Recipe[]
  readonly trial: Trial
  readonly draft: Draft
  readonly predictors: Predictors
}

export interface TrainingOptions {
  readonly candidateOptions: CandidateOptions
  readonly recipes: readonly [Recipe, ...Recipe[]]
  /** Decides which interactions the choice is made by. */
  readonly seed: number
}

/** The share of the interactions that recipes are compared on. */
const trialFraction = 0.1
/** With fewer readers than this, chance would choose the recipe. */
const fewestTrialReaders = 50

/** The first recipe is kept unless another is better by more than this: smaller differences are chance. */
const headStart = 1.01

/** Lays out the memory of a training. */
export function createTraining(
  interactions: Interactions,
  { candidateOptions, recipes, seed }: TrainingOptions,
): Training {
  const draft = createDraft(readerCountsOf(interactions), candidateOptions)

  return {
    interactions,
    candidateOptions,
    recipes,
    trial: createTrial(holdOut(interactions, { fraction: trialFraction, seed }), seed),
    draft,
    predictors: createPredictors(draft.candidates),
  }
}

/** Trains as one of the team's threads. The first gets the model; the others help. */
export function runTraining(team: Team, training: Training): Model | undefined {
  const { interactions, draft } = training
  const { recipe, figures } = chooseRecipe(team, training)
  findAllCandidates(team, training, interactions)
  solveItems(team, training, interactions, recipe)

  let model: Model | undefined
  team.alone('packing', () => {
    model = packModel(draft, interactions, { recipe, figures })
  })
  return model
}

interface Choice {
  recipe: Recipe
  figures: readonly RecipeFigures[]
}

function chooseRecipe(team: Team, training: Training): Choice {
  const { recipes, trial, draft } = training
  const first = recipes[0]!
  if (recipes.length === 1 || trial.askedReaders.length < fewestTrialReaders) return { recipe: first, figures: [] }

  findAllCandidates(team, training, trial.kept)
  const figures = recipes.map((recipe) => {
    solveItems(team, training, trial.kept, recipe, trial.askedItems)
    team.each(`asking readers (${recipe.name})`, trial.askedReaders.length, createTrialRun(trial, draft, recipe))
    return figuresOf(trial, recipe)
  })

  const qualities = figures.map(({ recall, ndcg }, index) => (recall + ndcg) * (index === 0 ? headStart : 1))
  return { recipe: recipes[qualities.indexOf(Math.max(...qualities))]!, figures }
}

/** Finds the candidates of all items of `interactions`, into the draft. */
export function findAllCandidates(
  team: Team,
  { candidateOptions, draft, predictors }: Training,
  interactions: Interactions,
) {
  const findCandidates = createCandidateSearch(interactions, candidateOptions, draft.candidates)
  team.each('finding neighbours', interactions.itemCount, findCandidates)
  team.alone('turning neighbours around', () => fillPredictors(draft.candidates, predictors))
}

/** Solves the weights of all items of `interactions`, or of some, into the draft. */
export function solveItems(
  team: Team,
  { draft, predictors }: Training,
  interactions: Interactions,
  recipe: Recipe,
  items?: Int32Array,
) {
  const solveItem = createRidge(interactions, predictors, recipe.ridge, draft.weights)
  const phase = `solving weights (${recipe.name})`
  if (items) team.each(phase, items.length, (index) => solveItem(items[index]!))
  else team.each(phase, interactions.itemCount, solveItem)
}
