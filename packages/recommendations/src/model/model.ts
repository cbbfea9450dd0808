import type { ValidationFigures } from '../training/validation-split.ts'

/** Ids of items: 16 bits wide when the catalogue allows. */
export type ItemIds = Uint16Array | Int32Array

/** What the hyperparameters of a model are called that was trained elsewhere. The service does not train while it is the newest. */
export const importedModel = 'imported'

/** Where a model came from. */
export interface ModelOrigin {
  /** The name of the hyperparameters that it was trained with. */
  readonly hyperparameters: string
  /** The figures that they were chosen by; empty when there was too little data to choose by. */
  readonly figures: readonly ValidationFigures[]
  readonly readerCount: number
  readonly interactionCount: number
}

/**
 * A trained model, packed for serving: a sparse row for every item, of the items that it predicts.
 * The row of item `j` is at `offsets[j]..offsets[j + 1]` of `ids`, `weights` and `cosines`. Its first `solvedCounts[j]`
 * entries are those with a weight. Weights and cosines are bytes on a square-root scale: `byte² × scale` is the value.
 */
export interface Model {
  readonly itemCount: number
  readonly origin: ModelOrigin
  readonly offsets: Int32Array
  readonly solvedCounts: Uint16Array
  readonly ids: ItemIds
  readonly weights: Uint8Array
  readonly weightScale: number
  readonly cosines: Uint8Array
  readonly cosineScale: number
  /** How many readers each item has. */
  readonly readerCounts: Int32Array
  /** 1 for the items whose rows were borrowed from their relatives, because they have too few readers for their own. */
  readonly borrowed: Uint8Array
}

/** An array for the ids of a catalogue of `itemCount` items. */
export function createItemIds(itemCount: number, length: number): ItemIds {
  return itemCount < 65_536 ? new Uint16Array(length) : new Int32Array(length)
}

/** A model without entries: only popular items are recommended. */
export function emptyModel(itemCount: number): Model {
  return {
    itemCount,
    origin: { hyperparameters: 'none', figures: [], readerCount: 0, interactionCount: 0 },
    offsets: new Int32Array(itemCount + 1),
    solvedCounts: new Uint16Array(itemCount),
    ids: createItemIds(itemCount, 0),
    weights: new Uint8Array(0),
    weightScale: 1,
    cosines: new Uint8Array(0),
    cosineScale: 1,
    readerCounts: new Int32Array(itemCount),
    borrowed: new Uint8Array(itemCount),
  }
}
