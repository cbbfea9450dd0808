import type { Category } from '@books/catalogue'
import type { Book } from '../books/book.ts'
import { preferencesOf } from '../readers/history.ts'
import type { Readers } from '../readers/readers.ts'
import { createScorer, type ScoredItem } from './scorer.ts'
import type { Snapshot } from './snapshot.ts'

/** What a recommender is asked. */
export interface Query {
  readerId: number
  /** The categories to choose from; undefined for all of them. */
  categories: readonly Category[] | undefined
  limit: number
  /** Books that the reader likes besides the recorded ones, newest first. */
  liked: readonly number[]
  disliked: readonly number[]
  /** Books to leave out of the answer. */
  excluded: readonly number[]
}

/** A recommended book. */
export interface Recommendation {
  book: Readonly<Book>
  /** Comparable within one answer only. */
  score: number
  /** The book of the history that gave most of the score; undefined where none gave anything. */
  becauseOfId: number | undefined
}

/** Recommends books to readers. */
export interface Recommender {
  /** Whether a book may be recommended. */
  has(bookId: number): boolean
  /** Up to `limit` distinct books, the best first, the same ones until something changes. */
  recommend(query: Query): Recommendation[]
  /** Up to `limit` distinct books that readers of one like, too. The recommender must have the book. */
  recommendSimilar(bookId: number, limit: number, excluded: readonly number[]): Recommendation[]
}

/** What a recommender needs. */
export interface RecommenderDeps {
  readers: Readers
  /** Has the snapshot to recommend from. */
  snapshots: { readonly current: Snapshot }
}

/** Creates a recommender that answers each call from the current snapshot. */
export function createRecommender({ readers, snapshots }: RecommenderDeps): Recommender {
  let used = snapshots.current
  let recommender = createSnapshotRecommender(used, readers)

  function current(): SnapshotRecommender {
    if (used !== snapshots.current) {
      used = snapshots.current
      recommender = createSnapshotRecommender(used, readers)
    }
    return recommender
  }

  return {
    has: (bookId) => snapshots.current.bookIndex.itemOf(bookId) !== undefined,
    recommend: (query) => current().recommend(query),
    recommendSimilar: (...query) => current().recommendSimilar(...query),
  }
}

type SnapshotRecommender = Omit<Recommender, 'has'>

const maxCachedDenials = 64
/** How many of the books that a reader viewed count, the newest ones. */
const viewsCounted = 20
/** An id that no book has. */
const unknownId = 0

/** Recommends from one snapshot, with buffers that are made once for it. */
function createSnapshotRecommender(snapshot: Snapshot, readers: Readers): SnapshotRecommender {
  const { bookIndex, model } = snapshot
  const scorer = createScorer(model, { byPopularity: snapshot.byPopularity })
  // By the bits of the categories: a few combinations are asked for again and again.
  const denials = new Map<number, Uint8Array>()

  return {
    recommend({ readerId, categories, limit, liked, disliked, excluded }) {
      const recorded = preferencesOf(readers.historyOf(readerId))
      const [likedIds, dislikedIds] = [new Set(liked), new Set(disliked)]
      // The query is newer than what is recorded, and decides where they contradict each other.
      const history = [...liked, ...recorded.liked.bookIds]
      const times = [...liked.map((_, rank) => Number.MAX_SAFE_INTEGER - rank), ...recorded.liked.times]
      const unwanted = recorded.disliked.filter((bookId) => !likedIds.has(bookId)).concat(disliked, excluded)
      const picks = scorer.recommend({
        history: itemsOf(history.map((bookId) => (dislikedIds.has(bookId) ? unknownId : bookId))),
        times,
        viewed: itemsOf(recorded.viewed.filter((bookId) => !dislikedIds.has(bookId)).slice(0, viewsCounted)),
        limit,
        denied: categories && deniedOutside(categories),
        excluded: itemsOf(unwanted),
      })
      return picks.map(toRecommendation)
    },

    recommendSimilar(bookId, limit, excluded) {
      return scorer.recommend({ history: itemsOf([bookId]), limit, excluded: itemsOf(excluded) }).map(toRecommendation)
    },
  }

  /** 1 for every item outside these categories. */
  function deniedOutside(categories: readonly Category[]): Uint8Array {
    const bits = categories.reduce((mask, category) => mask | bookIndex.bitOf(category), 0)
    const known = denials.get(bits)
    if (known) return known

    const denied = new Uint8Array(bookIndex.count)
    for (let item = 0; item < denied.length; item++) denied[item] = (bookIndex.categoryBits[item]! & bits) === 0 ? 1 : 0
    if (denials.size === maxCachedDenials) denials.clear()
    denials.set(bits, denied)
    return denied
  }

  /** The item of each book; -1, which the scorer skips, for a book that is not in the index. */
  function itemsOf(bookIds: readonly number[]): number[] {
    return bookIds.map((bookId) => bookIndex.itemOf(bookId) ?? -1)
  }

  function toRecommendation({ item, score, reason }: ScoredItem): Recommendation {
    const becauseOfId = reason === undefined ? undefined : bookIndex.itemIds[reason]
    return { book: bookIndex.bookAt(item), score, becauseOfId }
  }
}
