import type { BookIndex } from '../books/book-index.ts'
import type { Readers } from '../readers/readers.ts'
import { emptyModel, type Model } from './model.ts'
import type { StoredModel } from './model-store.ts'
import { popularityOf } from './popularity.ts'

/** Everything that recommendations are made from. It never changes: an update makes another snapshot. */
export interface Snapshot {
  readonly bookIndex: BookIndex
  /** A model of the items of the index; without entries before the first training. */
  readonly model: Model
  /** The stored model that `model` was made from, fitted to the index; undefined before the first training. */
  readonly stored: StoredModel | undefined
  /** How popular each item is. */
  readonly popularity: Float64Array
}

/** Makes a snapshot; without a model, only popularity counts. */
export async function createSnapshot(
  bookIndex: BookIndex,
  readers: Readers,
  { model, stored }: { model: Model; stored?: StoredModel } = { model: emptyModel(bookIndex.books.length) },
): Promise<Snapshot> {
  return { bookIndex, model, stored, popularity: await popularityOf(bookIndex, readers) }
}
