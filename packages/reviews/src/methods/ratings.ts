import type { ReviewsServiceService, WatchRatingsResponse } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import { createWatch } from '@books/service/watch'
import type { ReaderRating } from '../stores/reader-rating-store.ts'
import type { ReviewsDeps } from './deps.ts'
import { readPageSize } from './fields.ts'
import { toRatingMessage } from './review-message.ts'

const mostBooks = 500
const sizes = { default: 24, max: 100 }

type Methods = 'getRatings' | 'listTopRated' | 'watchRatings'

/** Tells how books are rated. */
export function createRatingMethods({
  stores: { ratings, readerRatings },
  ranking,
  changes,
}: ReviewsDeps): Pick<Handlers<typeof ReviewsServiceService>, Methods> {
  async function listRatings(bookIds: readonly number[]) {
    const rated = new Map((await ratings.list(bookIds)).map((rating) => [rating.book_id, rating]))
    return bookIds.map((bookId) => toRatingMessage(bookId, rated.get(bookId)))
  }

  return {
    async getRatings({ bookIds }) {
      if (bookIds.length > mostBooks) throw invalidArgument('book_ids', `must be at most ${mostBooks}`)
      return { ratings: await listRatings([...new Set(bookIds)]) }
    },

    async listTopRated({ category, pageSize, skip }) {
      if (category < 0) throw invalidArgument('category', 'must be one of the contract')
      if (skip < 0) throw invalidArgument('skip', 'must not be negative')
      const size = readPageSize(pageSize, sizes)
      const bookIds = await ranking.list(category)
      const page = await listRatings(bookIds.slice(skip, skip + size))
      // The last rating of a book may have been taken back since it was ranked.
      return { ratings: page.filter(({ count }) => count > 0), totalSize: bookIds.length }
    },

    watchRatings: createWatch<ReaderRating, WatchRatingsResponse>({
      ...{ ...readerRatings, changes },
      toResponse: (rows, revision, isCurrent) => ({ ratings: rows.map(toMessage), revision, isCurrent }),
    }),
  }
}

function toMessage({ reader_id, book_id, stars, rated_at }: ReaderRating) {
  return { readerId: reader_id, bookId: book_id, stars, ratedAt: rated_at }
}
