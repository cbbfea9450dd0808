import type { ReviewRow } from '../stores/review-store.ts'
import type { Stores } from '../stores/stores.ts'

/**
 * Counts a review as it is after a change, in the ratings of its book and for those that follow the reader's. It is undefined where it
 * does not exist; a hidden one does not count.
 */
export async function recount(
  { ratings, readerRatings }: Pick<Stores, 'ratings' | 'readerRatings'>,
  before: ReviewRow | undefined,
  after: ReviewRow | undefined,
  now: Date,
): Promise<void> {
  const review = after ?? before
  const stars = starsOf(after)
  if (!review || starsOf(before) === stars) return
  const { reader_id, book_id } = review
  if (reader_id !== null) await readerRatings.set({ reader_id, book_id, stars: stars ?? 0, rated_at: now })
  await ratings.count(book_id, starsOf(before), stars)
}

function starsOf(review: ReviewRow | undefined): number | undefined {
  return review?.state === 'shown' ? review.stars : undefined
}
