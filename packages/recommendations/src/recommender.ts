import type { Book, Category } from '@books/catalogue'
import { pickRandom } from './pick-random.ts'

/** What is asked of a recommender. */
export interface Wish {
  readerId: number
  category: Category
  limit: number
}

/** Chooses books for a reader. */
export interface Recommender {
  /** Up to `limit` distinct books of the category, the best first. */
  recommend(wish: Wish): Book[]
}

/** Chooses at random among the books of a category, whoever reads. `random` returns a number in [0, 1). */
export function createRandomRecommender(books: readonly Book[], random: () => number): Recommender {
  const shelves = Map.groupBy(books, ({ category }) => category)
  return {
    recommend: ({ category, limit }) => pickRandom(shelves.get(category) ?? [], limit, random),
  }
}
