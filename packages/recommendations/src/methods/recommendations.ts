import { type Category, categories } from '@books/catalogue'
import {
  BookCategory,
  type BookRecommendation,
  type RecommendationRequest,
  type RecommendationsService,
} from '@books/proto'
import { type Handlers, invalidArgument, notFound, raise } from '@books/rpc'
import type { Recommendation, Recommender, Wish } from '../model/recommender.ts'
import { withAll } from './ensure-included.ts'
import { createRecordInteractions, type RecordInteractionsDeps } from './record-interactions.ts'

const mostResults = 100
const mostIds = 1_000

/** What the methods need. */
export interface RecommendationsDeps extends RecordInteractionsDeps {
  recommender: Recommender
}

/** Answers the Recommendations API. */
export function createRecommendations(deps: RecommendationsDeps): Handlers<typeof RecommendationsService> {
  const { recommender } = deps

  return {
    async recommend(request) {
      const wish = {
        readerId: request.userId,
        categories: request.allCategories
          ? undefined
          : [request.category, ...request.moreCategories].map(requireCategory),
        limit: readLimit(request.maxResults),
        liked: requireShort('liked_ids', request.likedIds),
        disliked: requireShort('disliked_ids', request.dislikedIds),
        excluded: requireShort('exclude_ids', request.excludeIds),
      }
      const books = withAll(listNeeded(request, wish), recommender.recommend(wish), wish.limit)
      return { recommendations: books.map(toMessage) }
    },

    async recommendSimilar({ bookId, maxResults, excludeIds }) {
      if (!recommender.has(bookId)) throw notFound('Book not found')
      const limit = readLimit(maxResults)
      const excluded = requireShort('exclude_ids', excludeIds)

      return { recommendations: recommender.recommendSimilar(bookId, limit, excluded).map(toMessage) }
    },

    recordInteractions: createRecordInteractions(deps),
  }

  /** The best books of the category, of which so many have to be in the answer. */
  function listNeeded({ category, minOfCategory }: RecommendationRequest, wish: Wish): Recommendation[] {
    const limit = Math.min(readCount('min_of_category', minOfCategory), wish.limit)
    return limit === 0 ? [] : recommender.recommend({ ...wish, categories: [requireCategory(category)], limit })
  }
}

function readLimit(maxResults: number): number {
  return Math.min(readCount('max_results', maxResults), mostResults)
}

function readCount(field: string, count: number): number {
  if (count < 0) throw invalidArgument(field, 'must not be negative')
  return count
}

function requireShort(field: string, ids: readonly number[]): readonly number[] {
  if (ids.length > mostIds) throw invalidArgument(field, `must have at most ${mostIds} ids`)
  return ids
}

function requireCategory(category: BookCategory): Category {
  return categories.find((name) => BookCategory[name] === category) ?? raise(notFound('Category not found'))
}

function toMessage({ book, score, becauseOfId }: Recommendation): BookRecommendation {
  const { id, title, author, category } = book
  const reason = becauseOfId === undefined ? { popular: true } : { becauseOfId }
  return { id, title, author, category: BookCategory[category], score, ...reason }
}
