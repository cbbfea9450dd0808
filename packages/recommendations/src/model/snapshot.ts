import type { Shelves } from '../books/shelves.ts'
import type { Readers } from '../readers/readers.ts'
import { emptyModel, type Model } from './model.ts'
import { popularityOf } from './reader-popularity.ts'

/** What recommendations are made from: what is on the shelves, and what is known of each of these items. */
export interface Grounds {
  shelves: Shelves
  model: Model
  /** How popular each item is. */
  popularity: Float64Array
}

/** Puts the grounds together; without a model, only popularity counts. */
export async function groundsOf(
  shelves: Shelves,
  readers: Readers,
  model = emptyModel(shelves.books.length),
): Promise<Grounds> {
  return { shelves, model, popularity: await popularityOf(shelves, readers) }
}
