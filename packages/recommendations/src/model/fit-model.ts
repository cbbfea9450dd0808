import type { BookIndex } from '../books/book-index.ts'
import { mapItems } from './map-items.ts'
import type { Model } from './model.ts'
import { decodeModel, encodeModel } from './model-file.ts'
import { fillNewItemRows } from './new-items.ts'

/** A model of the items of an index. */
export interface FittedModel {
  /** For the recommender: items with few readers borrow rows from their relatives. */
  model: Model
  /** The same model without borrowed rows, as bytes, for solving parts of it anew. */
  bytes: Uint8Array
}

/** Reads a model and fits it to the index, which may have changed since its training. Throws where it is damaged. */
export function fitModel(bytes: Uint8Array, { itemIds, facts }: Pick<BookIndex, 'itemIds' | 'facts'>): FittedModel {
  const decoded = decodeModel(bytes)
  const items = new Map([...decoded.itemIds].map((id, item) => [id, item]))
  const sources = itemIds.map((id) => items.get(id) ?? -1)
  const isSame = sources.length === decoded.model.itemCount && sources.every((source, item) => source === item)

  const fitted = isSame ? decoded.model : mapItems(decoded.model, sources)
  return { model: fillNewItemRows(fitted, facts), bytes: isSame ? bytes : encodeModel(fitted, itemIds) }
}
