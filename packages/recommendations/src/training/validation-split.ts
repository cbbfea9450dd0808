import { recencyWeightsOf } from '../model/recency.ts'
import { createRandom } from '../random.ts'
import { sharedFloats } from '../shared-arrays.ts'
import type { HoldOut } from './hold-out.ts'
import type { Hyperparameters } from './hyperparameters.ts'
import { createInteractions, type Interactions, itemsOf, readerCountsOf } from './interactions.ts'
import { ndcgAt, recallAt } from './metrics.ts'
import { createUnpackedRanker, itemScalesOf, type UnpackedModel } from './unpacked-model.ts'

/** How well a set of hyperparameters predicted what was held out, as means over the validated readers. */
export interface ValidationFigures {
  /** The name of the set. */
  readonly hyperparameters: string
  readonly recall: number
  readonly ndcg: number
  /** How long the rankings were: 20, or shorter in proportion to the validated items. */
  readonly listLength: number
}

/**
 * A slice of the interactions that is held out to choose hyperparameters by, in shared memory.
 * Of a large slice only some items are validated, and only those need solving: the choice then costs little beside the
 * training, and rankings are shorter in proportion.
 */
export interface ValidationSplit {
  readonly train: Interactions
  readonly validation: Interactions
  /** The items and readers with anything to validate. */
  readonly items: Int32Array
  readonly readers: Int32Array
  readonly listLength: number
}

/** The figures of each of a split's readers, in shared memory. */
export interface ValidationResults {
  readonly recalls: Float32Array
  readonly ndcgs: Float32Array
}

/** About as many suffice to tell sets apart. */
const validatedInteractions = 10_000
/** The length of the rankings when all items are validated, and the least. */
const fullLength = 20
const shortestLength = 5

/** Makes a validation split, the same for the same seed. */
export function createValidationSplit({ kept, heldOut }: HoldOut, seed: number): ValidationSplit {
  const share = Math.min(1, validatedInteractions / Math.max(1, heldOut.readerItems.length))
  const random = createRandom(seed)
  const isValidated = Uint8Array.from({ length: heldOut.itemCount }, () => (random() < share ? 1 : 0))
  const rows = Array.from(range(heldOut.readerCount), (reader) =>
    // A reader without a history gets the same ranking from every set.
    itemsOf(kept, reader).length > 0 ? itemsOf(heldOut, reader).filter((item) => isValidated[item] === 1) : [],
  )
  const readers = range(heldOut.readerCount).filter((reader) => rows[reader]!.length > 0)

  return {
    train: kept,
    validation: createInteractions(rows, heldOut.itemCount),
    items: range(heldOut.itemCount).filter((item) => isValidated[item] === 1),
    readers,
    listLength: Math.max(shortestLength, Math.round(fullLength * share)),
  }
}

/** Allocates the results of validating one set. */
export function createValidationResults({ readers }: ValidationSplit): ValidationResults {
  return { recalls: sharedFloats(readers.length), ndcgs: sharedFloats(readers.length) }
}

/** Returns a function that ranks for one of the readers and keeps the figures. */
export function createValidator(
  split: ValidationSplit,
  unpacked: UnpackedModel,
  { countExponent }: Hyperparameters,
  { recalls, ndcgs }: ValidationResults,
) {
  const { train, validation, items, readers, listLength } = split
  const scales = itemScalesOf(readerCountsOf(train), countExponent)
  const rank = createUnpackedRanker(unpacked, { values: unpacked.weights, scales, rankable: items, limit: listLength })

  return function validateReader(index: number) {
    const reader = readers[index]!
    const ranking = rank(itemsOf(train, reader), recencyWeightsIn(train, reader))
    const relevant = new Set(itemsOf(validation, reader))
    recalls[index] = recallAt(ranking, relevant, listLength)
    ndcgs[index] = ndcgAt(ranking, relevant, listLength)
  }
}

/** The means over the validated readers. */
export function figuresOf(
  { recalls, ndcgs }: ValidationResults,
  { listLength }: ValidationSplit,
  { name }: Hyperparameters,
): ValidationFigures {
  return { hyperparameters: name, recall: meanOf(recalls), ndcg: meanOf(ndcgs), listLength }
}

function recencyWeightsIn({ isOrdered, readerOffsets }: Interactions, reader: number) {
  const length = readerOffsets[reader + 1]! - readerOffsets[reader]!
  return isOrdered[reader] === 1 ? recencyWeightsOf(range(length)) : undefined
}

function meanOf(values: Float32Array) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function range(length: number) {
  return Int32Array.from({ length }, (_, index) => index)
}
