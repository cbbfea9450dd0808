import type { Category } from '@books/catalogue'
import type { Book } from '../books/book.ts'
import type { Readers } from '../readers/readers.ts'
import { createScorer, type Pick } from './scorer.ts'
import type { Grounds } from './snapshot.ts'

/** What is asked of a recommender. */
export interface Wish {
  readerId: number
  /** The shelves to choose from; undefined for all of them. */
  categories: readonly Category[] | undefined
  limit: number
  /** Books that the reader likes besides the recorded ones, newest first. */
  liked: readonly number[]
  disliked: readonly number[]
  /** Books that are not wanted in the answer. */
  excluded: readonly number[]
}

/** A book that fits. */
export interface Recommendation {
  book: Book
  /** Comparable within one answer only. */
  score: number
  /** The book of the history that speaks for this one the most; undefined for a book that is there because it is popular. */
  becauseOfId: number | undefined
}

/** Chooses books for readers. */
export interface Recommender {
  /** Whether a book is on the shelves. */
  has(bookId: number): boolean
  /** Up to `limit` distinct books, the best first, the same ones until something changes. */
  recommend(wish: Wish): Recommendation[]
  /** Up to `limit` distinct books that readers of one like, too. The book must be on the shelves. */
  recommendSimilar(bookId: number, limit: number, excluded: readonly number[]): Recommendation[]
  /** Chooses from these grounds from the next call on. */
  use(grounds: Grounds): void
}

const mostDenials = 64

/** A recommender for these readers. */
export function createRecommender({ readers, grounds }: { readers: Readers; grounds: Grounds }): Recommender {
  let { shelves } = grounds
  let scorer = createScorer(grounds.model, grounds)
  // By the bits of the categories: a few combinations are asked for again and again.
  const denials = new Map<number, Uint8Array>()

  return {
    has: (bookId) => shelves.itemOf(bookId) !== undefined,

    recommend({ readerId, categories, limit, liked, disliked, excluded }) {
      const profile = readers.profileOf(readerId)
      // What the request says is newer than what is recorded, and decides where they contradict each other.
      const history = [...liked, ...profile.history]
      const unwanted = [...profile.disliked].filter((bookId) => !liked.includes(bookId)).concat(disliked, excluded)
      const picks = scorer.recommend({
        history: itemsOf(disliked.length === 0 ? history : history.filter((bookId) => !disliked.includes(bookId))),
        limit,
        denied: categories && deniedOutside(categories),
        excluded: itemsOf(unwanted),
      })
      return picks.map(toRecommendation)
    },

    recommendSimilar(bookId, limit, excluded) {
      return scorer.recommend({ history: itemsOf([bookId]), limit, excluded: itemsOf(excluded) }).map(toRecommendation)
    },

    use(fresh) {
      scorer = createScorer(fresh.model, fresh)
      shelves = fresh.shelves
      denials.clear()
    },
  }

  /** 1 for every item outside these categories. */
  function deniedOutside(categories: readonly Category[]): Uint8Array {
    const bits = categories.reduce((mask, category) => mask | shelves.bitOf(category), 0)
    const known = denials.get(bits)
    if (known) return known

    const denied = Uint8Array.from(shelves.categoryBits, (bit) => ((bit & bits) === 0 ? 1 : 0))
    if (denials.size === mostDenials) denials.clear()
    denials.set(bits, denied)
    return denied
  }

  function itemsOf(bookIds: readonly number[]): number[] {
    const items: number[] = []
    for (const bookId of bookIds) {
      const item = shelves.itemOf(bookId)
      if (item !== undefined) items.push(item)
    }
    return items
  }

  function toRecommendation({ item, score, reason }: Pick): Recommendation {
    return {
      book: shelves.books[item]!,
      score,
      becauseOfId: reason === undefined ? undefined : shelves.books[reason]!.id,
    }
  }
}
