import type { ListReviewsResponse } from '@books/proto'
import { RpcError } from '@books/rpc'
import { Type } from 'typebox'
import type { Answer } from '../../backends/backend.ts'
import type { Backends } from '../../backends/backends.ts'
import type { Visitor } from '../../sessions/visitor.ts'
import { type ReviewsQuery, reviewSorts } from './reviews-section.ts'

/** The schema of the query that says which reviews of a book are shown. */
export const reviewsQuery = Type.Object({
  sort: Type.Enum(
    reviewSorts.map(({ name }) => name),
    { default: 'helpful' },
  ),
  stars: Type.Integer({ minimum: 0, maximum: 5, default: 0 }),
  after: Type.String({ default: '', maxLength: 500 }),
})

const reviewsOnPage = 10

/**
 * Finds the reviews of a book for a visitor, as secondary content. What a reader sees is not cached: it has their own review and votes.
 * Undefined where there is no such page.
 */
export async function findReviews(
  { ratings }: Pick<Backends, 'ratings'>,
  bookId: number,
  { sort, stars, after }: ReviewsQuery,
  visiting: Promise<Visitor>,
): Promise<Answer<ListReviewsResponse> | undefined> {
  const value = reviewSorts.find(({ name }) => name === sort)?.value
  const request = { bookId, stars, pageSize: reviewsOnPage, pageToken: after, ...(value && { sort: value }) }
  // Asked at the same time for a visitor who stays unknown, so that the page waits only once.
  const asGuest = ratings.listReviews(request, { isSecondary: true })
  asGuest.catch(() => {})
  const visitor = await visiting
  try {
    if (visitor.kind !== 'reader') return await asGuest
    const own = { ...request, readerId: visitor.account.readerId }
    return await ratings.listReviews(own, { isSecondary: true, isUncached: true })
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return after === '' ? { value: undefined, fallback: 'reviews' } : undefined
  }
}
