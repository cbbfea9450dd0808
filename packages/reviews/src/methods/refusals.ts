import { type ErrorDetails, failedPrecondition, notFound, type RpcError } from '@books/rpc'
import type { ReviewRow } from '../stores/review-store.ts'

/** The details of an error that says its reason to programs. */
export function reason(reason: string): Required<Pick<ErrorDetails, 'errorInfo'>> {
  return { errorInfo: { reason, domain: 'books.reviews', metadata: {} } }
}

/** A review that does not exist, or that the reader may not see. */
export function noSuchReview(): RpcError {
  return notFound('There is no such review')
}

/** Throws NOT_FOUND where a reader may not see the review, and FAILED_PRECONDITION for the reader's own. */
export function requireOther(review: ReviewRow | undefined, readerId: number, message: string): ReviewRow {
  if (review?.reader_id === readerId) throw failedPrecondition(message, reason('OWN_REVIEW'))
  if (review?.state !== 'shown') throw noSuchReview()
  return review
}
