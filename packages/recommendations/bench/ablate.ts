import { createScorer } from '../src/model/scorer.ts'
import type { CandidateOptions } from '../src/training/candidates.ts'
import type { Recipe } from '../src/training/hyperparameters.ts'
import { candidateOptions, recipes, requireRecipe } from '../src/training/hyperparameters.ts'
import { itemsOf, readerCountsOf } from '../src/training/interactions.ts'
import { trainModel } from '../src/training/train-model.ts'
import { createTraining, findAllCandidates, solveItems } from '../src/training/training.ts'
import { createDraftRanker, itemScalesOf } from '../src/training/unpacked-model.ts'
import { createTeamControl, joinTeam } from '../src/training/worker-pool.ts'
import type { Figures, Ranker } from './evaluation.ts'
import { measure } from './evaluation.ts'
import type { Split } from './read-split.ts'

/** One line of the table: what was measured, and what it reached. */
export interface AblationRow {
  readonly name: string
  readonly figures: Figures
}

const listLength = 20

/** Measures the engine with and without each of its steps, one row at a time. */
export async function* ablate(split: Split, threads: number): AsyncGenerator<AblationRow> {
  const { train, test } = split
  const model = await trainModel(train, { threads })
  const recipe = requireRecipe(model.origin.recipe)
  const row = (name: string, rank: Ranker): AblationRow => ({ name, figures: measure(rank, test) })
  const served = (basis: 'weights' | 'popularity', longestHistory: number): Ranker => {
    const { recommend } = createScorer(model, { longestHistory })
    return (reader) => recommend({ history: itemsOf(train, reader), limit: listLength, basis }).map(({ item }) => item)
  }

  yield row('popularity', served('popularity', Infinity))
  yield row('kNN: cosine', drafted(split, { ...plainCosine, values: 'cosines' }))
  yield row('kNN: + shrinkage, readers weighted', drafted(split, { values: 'cosines' }))
  yield row(`ridge: recipe "${recipe.name}"`, drafted(split, { recipe }))
  for (const other of recipes) {
    if (other !== recipe) yield row(`  with recipe "${other.name}"`, drafted(split, { recipe: other }))
  }
  for (const [name, change] of Object.entries(changesOf(recipe))) yield row(`  ${name}`, drafted(split, change))
  yield row('packed in bytes', served('weights', Infinity))
  yield row('  with the 300 first of a history', served('weights', 300))
}

interface Change {
  readonly candidates?: Partial<CandidateOptions>
  readonly recipe?: Recipe
  readonly values?: 'weights' | 'cosines'
}

const plainCosine: Change = { candidates: { shrink: 0, readerExponent: 0, longestHistory: Infinity } }

function changesOf(recipe: Recipe): Record<string, Change> {
  const withRidge = (ridge: Partial<Recipe['ridge']>) => ({
    recipe: { ...recipe, ridge: { ...recipe.ridge, ...ridge } },
  })

  return {
    'candidates by plain cosine': { ...plainCosine, recipe },
    'half the candidates': { candidates: { neighbours: candidateOptions.neighbours / 2 }, recipe },
    'twice the candidates': { candidates: { neighbours: candidateOptions.neighbours * 2 }, recipe },
    'as many candidates for one reader as for many': { candidates: { neighboursPerReader: Infinity }, recipe },
    'readers not weighted (γ = 0)': withRidge({ readerExponent: 0 }),
    'the same penalty for all (τ = 0)': withRidge({ penaltyExponent: 0 }),
    'hardly any penalty (κ = 0.1)': withRidge({ penalty: 0.1 }),
    'one sweep': withRidge({ sweeps: 1 }),
    'up to 30 sweeps': withRidge({ sweeps: 30 }),
    'scores not scaled by count (δ = 0)': { recipe: { ...recipe, countExponent: 0 } },
  }
}

/** A ranker of the train part by a draft that is made with the change. */
function drafted({ train }: Split, { candidates, recipe, values = 'weights' }: Change): Ranker {
  const options = { ...candidateOptions, ...candidates }
  const training = createTraining(train, { candidateOptions: options, recipes: [recipe ?? recipes[0]], seed: 1 })
  const team = joinTeam(createTeamControl(1))
  findAllCandidates(team, training, train)
  if (recipe) solveItems(team, training, train, recipe)

  const rankable = Int32Array.from({ length: train.itemCount }, (_, item) => item)
  const scales = itemScalesOf(readerCountsOf(train), recipe?.countExponent ?? 0)
  const table = values === 'weights' ? training.draft.weights : training.draft.candidates.cosines
  const rank = createDraftRanker(training.draft, { values: table, scales, rankable, limit: listLength })
  return (reader) => rank(itemsOf(train, reader))
}
