import { mapItems } from './engine/map-items.ts'
import type { Model } from './engine/model.ts'
import { decodeModel, encodeModel } from './engine/model-file.ts'
import { lendToNewItems } from './engine/new-items.ts'
import type { Shelves } from './shelves.ts'

/** A model that fits what is on the shelves today. */
export interface FittedModel {
  /** For the recommender: books that few know borrow from their relatives. */
  model: Model
  /** The same without the borrowing, as bytes, for solving parts of it anew. */
  bytes: Uint8Array
}

/** Reads a model and fits it to the shelves, which may have changed since its training. Throws where it is damaged. */
export function fitModel(bytes: Uint8Array, shelves: Shelves): FittedModel {
  const { model, itemIds } = decodeModel(bytes)
  const items = new Map([...itemIds].map((id, item) => [id, item]))
  const sources = shelves.books.map(({ id }) => items.get(id) ?? -1)
  const isSame = sources.length === model.itemCount && sources.every((source, item) => source === item)

  const fitted = isSame ? model : mapItems(model, sources)
  return {
    model: lendToNewItems(fitted, shelves.facts),
    bytes: isSame
      ? bytes
      : encodeModel(
          fitted,
          Int32Array.from(shelves.books, ({ id }) => id),
        ),
  }
}
