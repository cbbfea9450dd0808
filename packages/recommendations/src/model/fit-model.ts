import type { Shelves } from '../books/shelves.ts'
import { mapItems } from './map-items.ts'
import type { Model } from './model.ts'
import { decodeModel, encodeModel } from './model-file.ts'
import { lendToNewItems } from './new-items.ts'

/** A model that fits what is on the shelves today. */
export interface FittedModel {
  /** For the recommender: books that few know borrow from their relatives. */
  model: Model
  /** The same without the borrowing, as bytes, for solving parts of it anew. */
  bytes: Uint8Array
}

/** Reads a model and fits it to the shelves, which may have changed since its training. Throws where it is damaged. */
export function fitModel(bytes: Uint8Array, { itemIds, facts }: Pick<Shelves, 'itemIds' | 'facts'>): FittedModel {
  const decoded = decodeModel(bytes)
  const items = new Map([...decoded.itemIds].map((id, item) => [id, item]))
  const sources = itemIds.map((id) => items.get(id) ?? -1)
  const isSame = sources.length === decoded.model.itemCount && sources.every((source, item) => source === item)

  const fitted = isSame ? decoded.model : mapItems(decoded.model, sources)
  return { model: lendToNewItems(fitted, facts), bytes: isSame ? bytes : encodeModel(fitted, itemIds) }
}
