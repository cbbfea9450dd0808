import { type Category, categories } from '@books/catalogue'
import {
  BookCategory,
  type BookRecommendation,
  type RecommendationRequest,
  type RecommendationsService,
} from '@books/proto'
import { type Handlers, invalidArgument, notFound, raise } from '@books/rpc'
import type { Query, Recommendation, Recommender } from '../model/recommender.ts'
import { ensureIncluded } from './ensure-included.ts'
import { createRecordInteractions, type RecordInteractionsDeps } from './record-interactions.ts'

const maxResultCount = 100
const maxIds = 1_000

/** What the methods need. */
export interface RecommendationsDeps extends RecordInteractionsDeps {
  recommender: Recommender
}

/** Answers the Recommendations API. */
export function createRecommendations(deps: RecommendationsDeps): Handlers<typeof RecommendationsService> {
  const { recommender } = deps

  return {
    async recommend(request) {
      const query = {
        readerId: request.userId,
        categories: request.allCategories
          ? undefined
          : [...new Set([request.category, ...request.moreCategories])].map(requireCategory),
        limit: readLimit(request.maxResults),
        liked: requireShort('liked_ids', request.likedIds),
        disliked: requireShort('disliked_ids', request.dislikedIds),
        excluded: requireShort('exclude_ids', request.excludeIds),
      }
      const books = ensureIncluded(listNeeded(request, query), recommender.recommend(query), query.limit)
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

  /** The best `min_of_category` books of the category, which the answer must include. */
  function listNeeded({ category, minOfCategory }: RecommendationRequest, query: Query): Recommendation[] {
    const limit = Math.min(readCount('min_of_category', minOfCategory), query.limit)
    return limit === 0 ? [] : recommender.recommend({ ...query, categories: [requireCategory(category)], limit })
  }
}

function readLimit(maxResults: number): number {
  return Math.min(readCount('max_results', maxResults), maxResultCount)
}

function readCount(field: string, count: number): number {
  if (count < 0) throw invalidArgument(field, 'must not be negative')
  return count
}

function requireShort(field: string, ids: readonly number[]): readonly number[] {
  if (ids.length > maxIds) throw invalidArgument(field, `must have at most ${maxIds} ids`)
  return ids
}

function requireCategory(category: BookCategory): Category {
  return categories.find((name) => BookCategory[name] === category) ?? raise(notFound('Category not found'))
}

function toMessage({ book, score, becauseOfId }: Recommendation): BookRecommendation {
  const { id, title, author, category } = book
  const reason = becauseOfId === undefined ? score === 0 && { popular: true } : { becauseOfId }
  return { id, title, author, category: BookCategory[category], score, ...reason }
}
