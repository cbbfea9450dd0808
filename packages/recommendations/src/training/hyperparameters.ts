import type { CandidateOptions } from './candidates.ts'
import type { RidgeOptions } from './ridge.ts'

/** A set of numbers that a model is trained with. The candidates' options are the same for every set. */
export interface Hyperparameters {
  readonly name: string
  readonly ridge: RidgeOptions
  /** An item's scores are multiplied by its readers^-exponent, so that popular items do not dominate; δ in the docs. */
  readonly countExponent: number
}

/** How candidates are found. */
export const candidateOptions: CandidateOptions = {
  neighbours: 200,
  neighboursPerReader: 20,
  shrink: 20,
  readerExponent: 0.5,
  longestHistory: 1000,
}

const stop = { sweeps: 8, tolerance: 1e-4 }

// For catalogues of which a reader knows a small part, as in a bookstore.
const sparse = {
  name: 'sparse',
  ridge: { readerExponent: 0.25, penalty: 6, penaltyExponent: 0.25, ...stop },
  countExponent: 0.15,
}
// The same with more sweeps: nearer to the optimum, which is better for some catalogues and worse for others.
const settled = {
  name: 'settled',
  ridge: { ...sparse.ridge, sweeps: 12 },
  countExponent: 0.15,
}
// For small catalogues with readers of many books: more smoothing, and readers of many books count for less.
const middle = {
  name: 'middle',
  ridge: { readerExponent: 0.5, penalty: 12, penaltyExponent: 0.25, ...stop },
  countExponent: 0.15,
}
// For catalogues of which most readers know a good part, as with films.
const dense = {
  name: 'dense',
  ridge: { readerExponent: 0.5, penalty: 3, penaltyExponent: 0.5, ...stop },
  countExponent: 0.15,
}
// For catalogues with a few books that most readers know: their penalty grows faster.
const steep = {
  name: 'steep',
  ridge: { readerExponent: 0.25, penalty: 6, penaltyExponent: 0.5, ...stop },
  countExponent: 0.15,
}

/**
 * All sets, each with scores scaled by count and without; the first is kept when there is too little data to choose by.
 * The weights of such a pair are the same and solved once. Models are stored with the name of their set: a name stays.
 */
export const hyperparameterSets = [
  sparse,
  unscaled(sparse),
  middle,
  unscaled(middle),
  dense,
  unscaled(dense),
  steep,
  unscaled(steep),
  settled,
  unscaled(settled),
] as const satisfies Hyperparameters[]

function unscaled(set: Hyperparameters): Hyperparameters {
  return { ...set, name: `${set.name}-unscaled`, countExponent: 0 }
}

/** Returns the set of that name; throws when there is none. */
export function requireHyperparameters(name: string): Hyperparameters {
  const found = hyperparameterSets.find((set) => set.name === name)
  if (!found) throw new RangeError(`There are no hyperparameters named "${name}"`)
  return found
}
