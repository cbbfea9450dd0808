import type { CandidateOptions } from './candidates.ts'
import type { RidgeOptions } from './ridge.ts'

/** The numbers a model is trained by, besides its candidates. */
export interface Recipe {
  readonly name: string
  readonly ridge: RidgeOptions
  /** An item's scores are multiplied by its readers^-exponent, against the pull of the popular; δ in the docs. */
  readonly countExponent: number
}

/** How candidates are found, for every recipe. */
export const candidateOptions: CandidateOptions = {
  neighbours: 200,
  neighboursPerReader: 20,
  shrink: 20,
  readerExponent: 0.5,
  longestHistory: 1000,
}

const stop = { sweeps: 8, tolerance: 1e-4 }

/** For catalogues of which a reader knows a small part, as in a bookstore. */
export const sparseRecipe: Recipe = {
  name: 'sparse',
  ridge: { readerExponent: 0.25, penalty: 6, penaltyExponent: 0.25, ...stop },
  countExponent: 0.15,
}

/** For small catalogues with avid readers: more smoothing, and the avid count for less. */
export const middleRecipe: Recipe = {
  name: 'middle',
  ridge: { readerExponent: 0.5, penalty: 12, penaltyExponent: 0.25, ...stop },
  countExponent: 0.15,
}

/** For catalogues of which most readers know a good part, as with films. */
export const denseRecipe: Recipe = {
  name: 'dense',
  ridge: { readerExponent: 0.5, penalty: 3, penaltyExponent: 0.5, ...stop },
  countExponent: 0.15,
}

/** All recipes; the first is kept when there is too little to choose by. */
export const recipes = [sparseRecipe, middleRecipe, denseRecipe] as const

/** The recipe of that name; throws when there is none. */
export function requireRecipe(name: string): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name)
  if (!recipe) throw new RangeError(`There is no recipe "${name}"`)
  return recipe
}
