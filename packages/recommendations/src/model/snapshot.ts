import type { BookIndex } from '../books/book-index.ts'
import type { Model } from './model.ts'
import type { StoredModel } from './model-store.ts'

/** Everything that recommendations are made from. It never changes: an update makes another snapshot. */
export interface Snapshot {
  readonly bookIndex: BookIndex
  /** The revision of inventory that the books of the index have, at least. */
  readonly revision: number
  /** A model of the items of the index; without entries before the first training. */
  readonly model: Model
  /** The stored model that `model` was made from, fitted to the index; undefined before the first training. */
  readonly stored: StoredModel | undefined
  /** The items from the most popular one on. */
  readonly byPopularity: Int32Array
}
