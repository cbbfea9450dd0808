import { Vote } from '@books/proto'
import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { saveFlash } from '../../http/flash-message.ts'
import { showForm } from '../account/send-form.ts'
import { findReader } from '../account/session.ts'
import { pageBefore } from '../page-before.ts'
import { idParams } from '../page-query.ts'
import { paths, routes } from '../paths.ts'
import { backToBook, showAway } from './messages.ts'
import { reportBody, reportForm, reportReasons } from './report-form.ts'
import { type ReviewBackends, reviewCall, sendReaderForm } from './send-reader-form.ts'

const params = Type.Object({ ...idParams.properties, review: Type.String({ pattern: '^[\\w-]{1,40}$' }) })
const votes = { helpful: Vote.VOTE_HELPFUL, not_helpful: Vote.VOTE_NOT_HELPFUL, none: Vote.VOTE_UNSPECIFIED }
const voteBody = Type.Object({ vote: Type.Enum(['helpful', 'not_helpful', 'none']) })

type Params = Static<typeof params>

/** What readers think of reviews of others: votes and reports. */
export function opinionRoutes(backends: ReviewBackends, publicUrl: string) {
  const { reviews } = backends
  return async (app: FastifyInstance) => {
    app.post<{ Params: Params; Body: Static<typeof voteBody> }>(
      routes.voteOnReview,
      { schema: { params, body: voteBody }, config: { formProtection: 'origin' } },
      async (request, reply) => {
        const { id: bookId, review: reviewId } = request.params
        const reader = await findReader(request, reply, paths.book(bookId))
        if (!reader) return reply
        const { readerId } = reader.account
        const page = pageBefore(request, publicUrl, paths.book(bookId))
        try {
          await reviews.voteHelpful({ readerId, reviewId, vote: votes[request.body.vote] }, reviewCall)
          return reply.redirect(`${page}#review-${reviewId}`, 303)
        } catch (error) {
          if (!(error instanceof RpcError)) throw error
          const refusal = refusals[error.code]
          if (!refusal) return showAway(request, reply, backToBook(bookId))
          saveFlash(reply, refusal)
          return reply.redirect(page, 303)
        }
      },
    )

    app.get<{ Params: Params }>(routes.reportReview, { schema: { params } }, async (request, reply) => {
      const reader = await findReader(request, reply)
      return reader ? showForm(request, reply, reportForm(request.params)) : reply
    })

    app.post<{ Params: Params; Body: Static<typeof reportBody> }>(
      routes.reportReview,
      { schema: { params, body: reportBody }, bodyLimit: 32 * 1024, config: { formProtection: 'origin' } },
      async (request, reply) => {
        const { id: bookId, review: reviewId } = request.params
        const { email, password, ...typed } = request.body
        const sent = { form: reportForm(request.params), typed, signIn: { email, password } }
        return sendReaderForm(backends, request, reply, sent, async ({ readerId }) => {
          const reason = reportReasons.find(({ name }) => name === typed.reason)?.value
          const report = { readerId, reviewId, ...(reason && { reason }), comment: typed.comment }
          let text = 'Thank you. We look at what was reported.'
          try {
            await reviews.reportReview(report, reviewCall)
          } catch (error) {
            text = refusalOf(error)
          }
          saveFlash(reply, text)
          return reply.redirect(paths.book(bookId), 303)
        })
      },
    )
  }
}

const refusals: Partial<Record<Status, string>> = {
  [Status.NOT_FOUND]: 'This review is not here any more.',
  [Status.FAILED_PRECONDITION]: 'This review is your own.',
}

/** Rethrows what is no refusal. */
function refusalOf(error: unknown): string {
  const refusal = error instanceof RpcError ? refusals[error.code] : undefined
  if (!refusal) throw error
  return refusal
}
