import { ReportReason, type ReviewsServiceService, Vote } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import { requireText } from '../rules/read-text.ts'
import type { ReviewsDeps } from './deps.ts'
import { requireReader, requireReviewId } from './fields.ts'
import { recount } from './recount.ts'
import { requireOther } from './refusals.ts'
import { toReviewMessage } from './review-message.ts'

// So many readers hide a review until a person decides.
const reportsToHide = 3

const reasons = Object.values(ReportReason).filter((value) => value > ReportReason.REPORT_REASON_UNSPECIFIED)

const votes = new Map<Vote, boolean | undefined>([
  [Vote.VOTE_UNSPECIFIED, undefined],
  [Vote.VOTE_HELPFUL, true],
  [Vote.VOTE_NOT_HELPFUL, false],
])

/** Takes what readers think of the reviews of others. */
export function createOpinionMethods({
  stores,
  now,
}: ReviewsDeps): Pick<Handlers<typeof ReviewsServiceService>, 'voteHelpful' | 'reportReview'> {
  return {
    async voteHelpful(request) {
      const readerId = requireReader(request.readerId)
      const id = requireReviewId(request.reviewId)
      if (!votes.has(request.vote)) throw invalidArgument('vote', 'must be one of the contract')
      const vote = votes.get(request.vote)
      const review = await stores.transact(async (own) => {
        const found = requireOther(await own.reviews.lock(id), readerId, 'Readers do not vote on their own reviews')
        return own.votes.change(found, readerId, vote)
      })
      return { review: toReviewMessage(review, readerId, vote) }
    },

    async reportReview(request) {
      const readerId = requireReader(request.readerId)
      const id = requireReviewId(request.reviewId)
      const { reason } = request
      if (!reasons.includes(reason)) throw invalidArgument('reason', 'must be one of the list')
      const comment = requireText('comment', request.comment, { max: 500, hasLines: true })
      await stores.transact(async (own) => {
        const before = requireOther(await own.reviews.lock(id), readerId, 'Readers do not report their own reviews')
        const report = { review_id: id, reader_id: readerId, reason, comment, reported_at: now() }
        const waiting = await own.reports.add(report)
        if (waiting === 0) return
        const state = waiting >= reportsToHide ? 'reported' : before.state
        const after = await own.reviews.setState(id, state, before.reported_at ?? now())
        await recount(own, before, after, now())
      })
      return {}
    },
  }
}
