import {
  BookRating,
  type ListReviewsResponse,
  type ReportReviewRequest,
  Review,
  ReviewSort,
  ReviewsServiceService,
  Vote,
} from '@books/proto'
import { failedPrecondition, type Handlers, invalidArgument, notFound } from '@books/rpc'
import { fakeService } from '@books/rpc/testing'
import { books } from './services.fixture.ts'

type Service = Handlers<typeof ReviewsServiceService>

/** Reviews in memory. Every reader writes, and votes, only under their own id. */
export function createFakeReviews(first: readonly (Partial<Review> & { readerId?: number })[] = []) {
  const reviews = new Map<string, { review: Review; readerId: number }>()
  const votes = new Map<string, Vote>()
  /** Every report. */
  const reports: ReportReviewRequest[] = []
  for (const { readerId = 0, ...review } of first) add(Review.fromPartial(review), readerId)

  function add(review: Review, readerId: number): Review {
    const id = review.id || `review${reviews.size + 1}`
    reviews.set(id, { review: { ...review, id }, readerId })
    return { ...review, id }
  }

  function ratingOf(bookId: number): BookRating {
    const stars = [...reviews.values()].flatMap(({ review }) =>
      review.bookId === bookId && !review.isHidden ? [review.stars] : [],
    )
    const count = stars.length
    const histogram = [1, 2, 3, 4, 5].map((each) => stars.filter((given) => given === each).length)
    const mean = count === 0 ? 0 : stars.reduce((sum, given) => sum + given, 0) / count
    return BookRating.fromPartial({ bookId, mean, count, histogram })
  }

  function shown({ review, readerId }: { review: Review; readerId: number }, viewer: number): Review {
    const own = [...votes].filter(([key, vote]) => key.startsWith(`${review.id} `) && vote !== Vote.VOTE_UNSPECIFIED)
    const count = (wanted: Vote) => own.filter(([, vote]) => vote === wanted).length
    return {
      ...review,
      helpful: review.helpful + count(Vote.VOTE_HELPFUL),
      notHelpful: review.notHelpful + count(Vote.VOTE_NOT_HELPFUL),
      isOwn: viewer > 0 && readerId === viewer,
      vote: votes.get(`${review.id} ${viewer}`) ?? Vote.VOTE_UNSPECIFIED,
    }
  }

  function findOthers(reviewId: string, readerId: number) {
    const found = reviews.get(reviewId)
    if (!found) throw notFound('Review not found')
    const errorInfo = { reason: 'OWN_REVIEW', domain: 'books.reviews', metadata: {} }
    if (found.readerId === readerId) throw failedPrecondition('The review is your own', { errorInfo })
    return found
  }

  const handlers = {
    async getRatings({ bookIds }) {
      return { ratings: bookIds.map(ratingOf) }
    },
    async listTopRated({ pageSize, skip }) {
      const ids = [...new Set([...reviews.values()].map(({ review }) => review.bookId))]
      const rated = ids.map(ratingOf).toSorted((a, b) => b.mean - a.mean || a.bookId - b.bookId)
      return { ratings: rated.slice(skip, skip + pageSize), totalSize: rated.length }
    },
    async listReviews({ bookId, sort, stars, pageSize, pageToken, readerId }): Promise<ListReviewsResponse> {
      if (pageToken !== '' && !/^\d+$/.test(pageToken)) throw invalidArgument('page_token', 'is of another list')
      const all = [...reviews.values()].filter(({ review }) => review.bookId === bookId)
      const own = all.find((each) => readerId > 0 && each.readerId === readerId)
      const found = all
        .filter((each) => each === own || (each.review.text !== '' && !each.review.isHidden))
        .filter(({ review }) => stars === 0 || review.stars === stars)
        .map((each) => shown(each, readerId))
        .toSorted((a, b) => orders[sort]?.(a, b) ?? b.helpful - a.helpful)
      const start = Number(pageToken)
      const end = start + pageSize
      return {
        reviews: found.slice(start, end),
        nextPageToken: end < found.length ? String(end) : '',
        rating: ratingOf(bookId),
        ownReview: own && shown(own, readerId),
      }
    },
    async listReaderReviews({ readerId, pageSize, pageToken }) {
      const own = [...reviews.values()].filter((each) => each.readerId === readerId).toReversed()
      const start = Number(pageToken)
      const end = start + pageSize
      return {
        reviews: own.slice(start, end).map((each) => shown(each, readerId)),
        nextPageToken: end < own.length ? String(end) : '',
      }
    },
    async writeReview({ readerId, bookId, stars, title, text, name }) {
      if (!books.some(({ id }) => id === bookId)) throw notFound('Book not found')
      if (stars < 1 || stars > 5) throw invalidArgument('stars', 'must be from 1 to 5')
      if (title !== '' && text === '') throw invalidArgument('title', 'must be empty where the text is')
      if (text !== '' && text.length < 20) throw invalidArgument('text', 'must have at least 20 characters')
      const before = [...reviews.values()].find((each) => each.readerId === readerId && each.review.bookId === bookId)
      const written = { bookId, stars, title, text, name }
      const now = new Date('2026-11-20T12:00:00Z')
      const review = before
        ? add({ ...before.review, ...written, changedAt: now }, readerId)
        : add(Review.fromPartial({ ...written, writtenAt: now }), readerId)
      return { review: { ...review, isOwn: true } }
    },
    async deleteReview({ readerId, bookId }) {
      for (const [id, { review, ...each }] of reviews)
        if (each.readerId === readerId && review.bookId === bookId) reviews.delete(id)
      return {}
    },
    async voteHelpful({ readerId, reviewId, vote }) {
      const found = findOthers(reviewId, readerId)
      votes.set(`${reviewId} ${readerId}`, vote)
      return { review: shown(found, readerId) }
    },
    async reportReview(request) {
      findOthers(request.reviewId, request.readerId)
      if (request.reason === 0) throw invalidArgument('reason', 'must be one of the list')
      reports.push(request)
      return {}
    },
  } satisfies Partial<Service>

  return {
    reviews,
    reports,
    handlers,
    /** The service, of which some methods may be others. */
    service: (others: Partial<Service> = {}) => fakeService(ReviewsServiceService, { ...handlers, ...others }),
  }
}

/** The service without reviews, of which some methods may be others. */
export function fakeReviews(others: Partial<Service> = {}) {
  return createFakeReviews().service(others)
}

const orders: Partial<Record<ReviewSort, (a: Review, b: Review) => number>> = {
  [ReviewSort.REVIEW_SORT_NEWEST]: (a, b) => Number(b.writtenAt) - Number(a.writtenAt),
  [ReviewSort.REVIEW_SORT_HIGHEST]: (a, b) => b.stars - a.stars,
  [ReviewSort.REVIEW_SORT_LOWEST]: (a, b) => a.stars - b.stars,
}
