import { type Book, type Category, categories } from '@books/catalogue'
import { BookCategory, type BookRecommendation, type RecommendationsService } from '@books/proto'
import { type Handlers, invalidArgument, notFound, raise } from '@books/rpc'
import type { Recommender } from './recommender.ts'

const maxResultsLimit = 100

/** Answers the Recommendations API from a recommender. */
export function createRecommendations({
  recommender,
}: {
  recommender: Recommender
}): Handlers<typeof RecommendationsService> {
  return {
    async recommend({ userId, category, maxResults }) {
      if (maxResults < 0) throw invalidArgument('max_results', 'must not be negative')
      const shelf = categoryOf(category) ?? raise(notFound('Category not found'))

      const limit = Math.min(maxResults, maxResultsLimit)
      const books = recommender.recommend({ readerId: userId, category: shelf, limit })
      return { recommendations: books.map(toMessage) }
    },
  }
}

function categoryOf(category: BookCategory): Category | undefined {
  return categories.find((name) => BookCategory[name] === category)
}

function toMessage({ id, title, author, category }: Book): BookRecommendation {
  return { id, title, author, category: BookCategory[category] }
}
