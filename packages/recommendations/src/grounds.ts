import { emptyModel, type Model } from './engine/model.ts'
import { popularityOf } from './popularity.ts'
import type { Readers } from './readers.ts'
import type { Shelves } from './shelves.ts'

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
