import { Review } from '@books/proto'
import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { findReader } from '../account/session.ts'
import { paths, routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { showAway } from './messages.ts'
import { ownReviewsPage } from './own-reviews-page.ts'
import { type ReviewBackends, reviewCall } from './send-reader-form.ts'

const query = Type.Object({ after: Type.String({ default: '', maxLength: 500 }) })
const reviewsOnPage = 24
const reviewsInCall = 100

/** What a reader wrote about books: as a page, and to download. */
export function ownReviewsRoutes({ inventory, reviews }: ReviewBackends) {
  return async (app: FastifyInstance) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', cacheControl.noStore)
    })

    app.get<{ Querystring: Static<typeof query> }>(
      routes.ownReviews,
      { schema: { querystring: query } },
      async (request, reply) => {
        const reader = await findReader(request, reply)
        if (!reader) return reply
        const { after } = request.query
        const list = { readerId: reader.account.readerId, pageSize: reviewsOnPage, pageToken: after }
        try {
          const answer = await reviews.listReaderReviews(list, reviewCall)
          const found = await Promise.all(
            answer.reviews.map(({ bookId }) => inventory.findBook(bookId, { isSecondary: true })),
          )
          const books = found.map(({ value }) => value?.book)
          return showPage(request, reply, 'own-reviews.hbs', ownReviewsPage(answer, books, { isFirst: after === '' }))
        } catch (error) {
          if (error instanceof RpcError && error.code === Status.INVALID_ARGUMENT) return reply.callNotFound()
          return showOwnAway(request, reply, error)
        }
      },
    )

    app.get(routes.exportReviews, async (request, reply) => {
      const reader = await findReader(request, reply)
      if (!reader) return reply
      try {
        const json = await exportReviews(reader.account.readerId)
        return reply
          .type('application/json; charset=utf-8')
          .header('content-disposition', 'attachment; filename="books-reviews.json"')
          .send(json)
      } catch (error) {
        return showOwnAway(request, reply, error)
      }
    })
  }

  /** All reviews of a reader as JSON, with the names of the contract. */
  async function exportReviews(readerId: number): Promise<string> {
    const all: unknown[] = []
    let pageToken = ''
    do {
      const answer = await reviews.listReaderReviews({ readerId, pageSize: reviewsInCall, pageToken }, reviewCall)
      all.push(...answer.reviews.map((review) => Review.toJSON(review)))
      pageToken = answer.nextPageToken
    } while (pageToken !== '')
    return JSON.stringify({ reviews: all }, undefined, 2)
  }
}

/** Throws what is another error. */
function showOwnAway(request: FastifyRequest, reply: FastifyReply, error: unknown): Promise<string> {
  if (!(error instanceof RpcError)) throw error
  request.log.warn({ status: Status[error.code] }, 'reviews did not answer a page')
  return showAway(request, reply, { href: paths.account(), label: 'Back to your account' })
}
