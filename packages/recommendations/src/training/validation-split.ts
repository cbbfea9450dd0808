import type { HoldOut } from './hold-out.ts'
import type { Recipe } from './hyperparameters.ts'
import type { Interactions } from './interactions.ts'
import { createInteractions, itemsOf, readerCountsOf } from './interactions.ts'
import { ndcgAt, recallAt } from './metrics.ts'
import { createRandom } from './random.ts'
import { sharedFloats } from './shared-arrays.ts'
import type { Draft } from './unpacked-model.ts'
import { createDraftRanker, itemScalesOf } from './unpacked-model.ts'

/** How well a recipe found what was held out, as means over the readers asked. */
export interface RecipeFigures {
  readonly recipe: string
  readonly recall: number
  readonly ndcg: number
  /** How long the lists were: 20, or as much less as fewer items were asked for. */
  readonly listLength: number
}

/**
 * A slice of the interactions put aside to choose a recipe by, in shared memory.
 * Of a large slice only some items are asked for, and only those need solving: the choice then costs little beside the
 * training, and lists are shorter in proportion.
 */
export interface Trial {
  readonly kept: Interactions
  /** What is asked for. */
  readonly asked: Interactions
  readonly askedItems: Int32Array
  readonly askedReaders: Int32Array
  readonly listLength: number
  /** The figures of each asked reader. */
  readonly recalls: Float32Array
  readonly ndcgs: Float32Array
}

/** Interactions asked for, about: enough to tell recipes apart. */
const enough = 10_000
/** The length of the lists when all items are asked for, and the least. */
const fullLength = 20
const shortestLength = 5

/** Decides what to ask for, the same for the same seed. */
export function createTrial({ kept, heldOut }: HoldOut, seed: number): Trial {
  const share = Math.min(1, enough / Math.max(1, heldOut.readerItems.length))
  const random = createRandom(seed)
  const isAsked = Uint8Array.from({ length: heldOut.itemCount }, () => (random() < share ? 1 : 0))
  const rows = Array.from(range(heldOut.readerCount), (reader) =>
    // Nobody can be told apart by asking those of whom nothing is known.
    itemsOf(kept, reader).length > 0 ? itemsOf(heldOut, reader).filter((item) => isAsked[item] === 1) : [],
  )
  const askedReaders = range(heldOut.readerCount).filter((reader) => rows[reader]!.length > 0)

  return {
    kept,
    asked: createInteractions(rows, heldOut.itemCount),
    askedItems: range(heldOut.itemCount).filter((item) => isAsked[item] === 1),
    askedReaders,
    listLength: Math.max(shortestLength, Math.round(fullLength * share)),
    recalls: sharedFloats(askedReaders.length),
    ndcgs: sharedFloats(askedReaders.length),
  }
}

/** Returns a function that ranks for one of the asked readers and writes down the figures. */
export function createTrialRun(trial: Trial, draft: Draft, { countExponent }: Recipe) {
  const { kept, asked, askedItems, askedReaders, listLength, recalls, ndcgs } = trial
  const scales = itemScalesOf(readerCountsOf(kept), countExponent)
  const rank = createDraftRanker(draft, { values: draft.weights, scales, rankable: askedItems, limit: listLength })

  return function askReader(index: number) {
    const reader = askedReaders[index]!
    const ranking = rank(itemsOf(kept, reader))
    const relevant = new Set(itemsOf(asked, reader))
    recalls[index] = recallAt(ranking, relevant, listLength)
    ndcgs[index] = ndcgAt(ranking, relevant, listLength)
  }
}

/** The means over the readers that were asked. */
export function figuresOf({ recalls, ndcgs, listLength }: Trial, { name }: Recipe): RecipeFigures {
  return { recipe: name, recall: meanOf(recalls), ndcg: meanOf(ndcgs), listLength }
}

function meanOf(values: Float32Array) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function range(length: number) {
  return Int32Array.from({ length }, (_, index) => index)
}
