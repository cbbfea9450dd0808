import { type ReviewsServiceService, ReviewSort as Sort } from '@books/proto'
import { type Handlers, invalidArgument, raise } from '@books/rpc'
import type { Cursor, ReviewSort } from '../rules/review-sort.ts'
import type { ReviewsDeps } from './deps.ts'
import { readPageSize, requireBookId, requireReader, requireReaderOrVisitor } from './fields.ts'
import { type Limit, numbers, readPageToken, writePageToken } from './page-token.ts'
import { toRatingMessage, toReviewMessage } from './review-message.ts'

const sizes = { default: 10, max: 100 }

const sorts = new Map<Sort, ReviewSort>([
  [Sort.REVIEW_SORT_UNSPECIFIED, 'helpful'],
  [Sort.REVIEW_SORT_HELPFUL, 'helpful'],
  [Sort.REVIEW_SORT_NEWEST, 'newest'],
  [Sort.REVIEW_SORT_HIGHEST, 'highest'],
  [Sort.REVIEW_SORT_LOWEST, 'lowest'],
])

const keyLimits: Record<ReviewSort, Limit> = {
  helpful: { min: 0, max: 1, isWhole: false },
  newest: { min: 0, max: 0, isWhole: true },
  highest: { min: 0, max: 5, isWhole: true },
  lowest: { min: -5, max: 0, isWhole: true },
}

/** Lists reviews. */
export function createListMethods({
  stores: { pages, ratings, reviews },
}: ReviewsDeps): Pick<Handlers<typeof ReviewsServiceService>, 'listReviews' | 'listReaderReviews'> {
  return {
    async listReviews({ bookId, sort: sortMessage, stars, pageSize, pageToken, readerId }) {
      requireBookId(bookId)
      requireReaderOrVisitor(readerId)
      if (stars < 0 || stars > 5) throw invalidArgument('stars', 'must be from 0 to 5')
      const sort = sorts.get(sortMessage) ?? raise(invalidArgument('sort', 'must be one of the contract'))
      const size = readPageSize(pageSize, sizes)
      const list = `${bookId} ${sort} ${stars}`
      const after = pageToken === '' ? undefined : cursorOf(readPageToken(pageToken, list, [keyLimits[sort], numbers]))

      // One more than the page shows whether there is a next one.
      const [found, [rating], own] = await Promise.all([
        pages.listOfBook({ bookId, sort, stars, after, limit: size + 1, readerId }),
        ratings.list([bookId]),
        readerId > 0 ? reviews.findOfReader(readerId, bookId) : undefined,
      ])
      const page = found.slice(0, size)
      const last = found.length > size ? page.at(-1) : undefined
      return {
        reviews: page.map((row) => toReviewMessage(row, readerId, row.vote)),
        nextPageToken: last ? writePageToken(list, [last.cursor.key, last.cursor.number]) : '',
        rating: toRatingMessage(bookId, rating),
        ownReview: own && toReviewMessage(own, readerId),
      }
    },

    async listReaderReviews({ readerId, pageSize, pageToken }) {
      requireReader(readerId)
      const size = readPageSize(pageSize, sizes)
      const list = `of ${readerId}`
      const [before] = pageToken === '' ? [] : readPageToken(pageToken, list, [numbers])
      const found = await pages.listOfReader(readerId, before, size + 1)
      const page = found.slice(0, size)
      const last = found.length > size ? page.at(-1) : undefined
      return {
        reviews: page.map((row) => toReviewMessage(row, readerId)),
        nextPageToken: last ? writePageToken(list, [Number(last.number)]) : '',
      }
    },
  }
}

function cursorOf([key = 0, number = 0]: readonly number[]): Cursor {
  return { key, number }
}
