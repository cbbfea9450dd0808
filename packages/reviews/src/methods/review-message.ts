import { type BookRating, type Review, Vote } from '@books/proto'
import type { Rating } from '../stores/rating-store.ts'
import type { ReviewRow } from '../stores/review-store.ts'

/** The message of a review, as a reader sees it; 0 is a visitor who is not signed in. */
export function toReviewMessage(row: ReviewRow, readerId: number, vote?: boolean | null): Review {
  const { id, name, stars, title, text, helpful } = row
  return {
    ...{ id, name, stars, title, text, helpful },
    bookId: row.book_id,
    boughtHere: row.bought_here ?? false,
    isSample: row.is_sample,
    notHelpful: row.not_helpful,
    writtenAt: row.written_at,
    changedAt: row.changed_at ?? undefined,
    isOwn: readerId > 0 && row.reader_id === readerId,
    vote: toVoteMessage(vote ?? undefined),
    isHidden: row.state !== 'shown',
  }
}

function toVoteMessage(vote: boolean | undefined): Vote {
  if (vote === undefined) return Vote.VOTE_UNSPECIFIED
  return vote ? Vote.VOTE_HELPFUL : Vote.VOTE_NOT_HELPFUL
}

/** The message of a book's ratings; undefined are none. */
export function toRatingMessage(bookId: number, rating: Rating | undefined): BookRating {
  const { histogram, count, sum, has_samples } = rating ?? noRating
  return { bookId, mean: count > 0 ? sum / count : 0, count, histogram, hasSamples: has_samples }
}

const noRating = { histogram: [0, 0, 0, 0, 0], count: 0, sum: 0, has_samples: false }
