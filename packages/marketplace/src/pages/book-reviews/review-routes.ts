import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { saveFlash } from '../../http/flash-message.ts'
import type { Typed } from '../account/form.ts'
import { showForm } from '../account/send-form.ts'
import { findReader } from '../account/session.ts'
import { idParams } from '../page-query.ts'
import { paths, routes } from '../paths.ts'
import { backToBook, showAway } from './messages.ts'
import { deleteForm, reviewBody, reviewForm, typedOf } from './review-form.ts'
import { type ReviewBackends, reviewCall, sendReaderForm, signInBody } from './send-reader-form.ts'

type Params = Static<typeof idParams>

// A text of five thousand characters that take nine bytes each in a form, and twice as much that is refused with what was typed.
const bodyLimit = 256 * 1024

/** A reader's own review of a book: writing, changing and deleting it. */
export function reviewRoutes(backends: ReviewBackends) {
  const { inventory, ratings, reviews } = backends
  const titleOf = async (id: number) => (await inventory.findBook(id, { isSecondary: true })).value?.book?.title

  return async (app: FastifyInstance) => {
    app.get<{ Params: Params }>(routes.review, { schema: { params: idParams } }, async (request, reply) => {
      const reader = await findReader(request, reply)
      if (!reader) return reply
      const { id: bookId } = request.params
      const { name, readerId } = reader.account
      const [book, { value }] = await Promise.all([
        inventory.findBook(bookId, { isSecondary: true }),
        ratings.listReviews({ bookId, readerId, pageSize: 1 }, { isUncached: true }),
      ])
      if (book.value && !book.value.book) return reply.callNotFound()
      if (!value) return showAway(request, reply, backToBook(bookId))
      const form = reviewForm(bookId, book.value?.book?.title, { hasReview: value.ownReview !== undefined })
      return showForm(request, reply, form, typedOf(value.ownReview, name))
    })

    app.post<{ Params: Params; Body: Static<typeof reviewBody> }>(
      routes.review,
      { schema: { params: idParams, body: reviewBody }, bodyLimit, config: { formProtection: 'origin' } },
      async (request, reply) => {
        const { id: bookId } = request.params
        const { email, password, ...typed } = request.body
        const sent = { form: reviewForm(bookId, await titleOf(bookId)), typed, signIn: { email, password } }
        return sendReaderForm(backends, request, reply, sent, async ({ readerId }) => {
          const { review } = await reviews.writeReview({ readerId, bookId, ...requestOf(typed) }, reviewCall)
          saveFlash(reply, review?.changedAt ? 'Your review is changed.' : 'Thank you. Your review is on this page.')
          return reply.redirect(paths.book(bookId), 303)
        })
      },
    )

    app.get<{ Params: Params }>(routes.deleteReview, { schema: { params: idParams } }, async (request, reply) => {
      const reader = await findReader(request, reply)
      return reader ? showForm(request, reply, deleteForm(request.params.id)) : reply
    })

    app.post<{ Params: Params; Body: Static<typeof signInBody> }>(
      routes.deleteReview,
      { schema: { params: idParams, body: signInBody }, config: { formProtection: 'origin' } },
      async (request, reply) => {
        const { id: bookId } = request.params
        const sent = { form: deleteForm(bookId), typed: {}, signIn: request.body }
        return sendReaderForm(backends, request, reply, sent, async ({ readerId }) => {
          await reviews.deleteReview({ readerId, bookId }, reviewCall)
          saveFlash(reply, 'Your review is deleted.')
          return reply.redirect(paths.book(bookId), 303)
        })
      },
    )
  }
}

/** What is no number of stars, reviews refuses. */
function requestOf({ stars = '', title = '', text = '', name = '' }: Typed) {
  return { stars: /^[1-5]$/.test(stars) ? Number(stars) : 0, title, text, name }
}
