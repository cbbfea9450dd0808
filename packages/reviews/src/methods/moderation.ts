import { ModerationAction, type ReportedReview, type ReviewsServiceService } from '@books/proto'
import { type Handlers, invalidArgument, raise } from '@books/rpc'
import { enqueueDecision } from '../mails/decision-jobs.ts'
import { type Decision, isTold, stateAfter } from '../rules/decision.ts'
import { requireText } from '../rules/read-text.ts'
import type { ReviewsDeps } from './deps.ts'
import { readPageSize, requireReviewId } from './fields.ts'
import { numbers, readPageToken, times, writePageToken } from './page-token.ts'
import { recount } from './recount.ts'
import { noSuchReview } from './refusals.ts'
import { toReviewMessage } from './review-message.ts'

const sizes = { default: 20, max: 100 }
const list = 'reported'

const decisions = new Map<ModerationAction, Decision>([
  [ModerationAction.MODERATION_ACTION_HIDE, 'hide'],
  [ModerationAction.MODERATION_ACTION_RESTORE, 'restore'],
  [ModerationAction.MODERATION_ACTION_DELETE, 'delete'],
])

/** Lets staff decide on reviews. */
export function createModerationMethods({
  stores,
  now,
  wakeOutbox,
}: ReviewsDeps): Pick<Handlers<typeof ReviewsServiceService>, 'listReported' | 'moderateReview'> {
  return {
    async listReported({ pageSize, pageToken }) {
      const size = readPageSize(pageSize, sizes)
      const [ms, number = 0] = pageToken === '' ? [] : readPageToken(pageToken, list, [times, numbers])
      const after = ms === undefined ? undefined : { reportedAt: new Date(ms), number }
      const found = await stores.pages.listReported(after, size + 1)
      const page = found.slice(0, size)
      const last = found.length > size ? page.at(-1) : undefined
      const reports = Map.groupBy(await stores.reports.listOf(page.map(({ id }) => id)), (report) => report.review_id)
      return {
        reviews: page.map(
          (row): ReportedReview => ({
            review: toReviewMessage(row, 0),
            readerId: row.reader_id ?? 0,
            reports: (reports.get(row.id) ?? []).map(({ reason, comment, reported_at }) => ({
              ...{ reason, comment, reportedAt: reported_at },
            })),
          }),
        ),
        nextPageToken: last ? writePageToken(list, [last.reported_at.getTime(), Number(last.number)]) : '',
      }
    },

    async moderateReview(request) {
      const id = requireReviewId(request.reviewId)
      const decision = decisions.get(request.action) ?? raise(invalidArgument('action', 'must be one of the contract'))
      const reason = requireText('reason', request.reason, { min: 1, max: 500, hasLines: true })
      const review = await stores.transact(async (own) => {
        const before = (await own.reviews.lock(id)) ?? raise(noSuchReview())
        const state = stateAfter(decision)
        await own.reports.decide(id)
        const after = state && (await own.reviews.setState(id, state, null))
        if (!after) {
          await own.reviews.remove(id)
          if (before.reader_id !== null) await own.readerRatings.noteHidden(before.reader_id, before.book_id, false)
        }
        await recount(own, before, after, now())
        if (isTold(decision, before.state)) await enqueueDecision(own.tables, before, { decision, reason }, now())
        return after
      })
      wakeOutbox()
      return { review: review && toReviewMessage(review, 0) }
    },
  }
}
