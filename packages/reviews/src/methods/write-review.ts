import type { ReviewsServiceService } from '@books/proto'
import { type Handlers, notFound, raise, resourceExhausted, retryAfter, unavailable } from '@books/rpc'
import { findBought } from '../followed/find-bought.ts'
import { isNewAccount } from '../followed/is-new-account.ts'
import { takeTurn } from '../rules/write-limit.ts'
import type { Content, ReviewRow } from '../stores/review-store.ts'
import type { Stores } from '../stores/stores.ts'
import type { ReviewsDeps } from './deps.ts'
import { requireBookId, requireContent, requireReader } from './fields.ts'
import { recount } from './recount.ts'
import { reason } from './refusals.ts'
import { toReviewMessage } from './review-message.ts'

/** Writes and deletes what readers think of books. */
export function createWriteMethods({
  stores,
  transactions,
  accounts,
  writeLimit,
  now,
}: ReviewsDeps): Pick<Handlers<typeof ReviewsServiceService>, 'writeReview' | 'deleteReview'> {
  async function requireBook(bookId: number): Promise<void> {
    if (await stores.books.find(bookId)) return
    throw (await stores.books.areKnown())
      ? notFound('The store has no such book')
      : unavailable('Books cannot be looked up just now')
  }

  async function requireTurn(own: Stores, readerId: number, recent: readonly number[]): Promise<void> {
    const turn = takeTurn(recent, now().getTime(), writeLimit)
    if (turn.waitMs > 0) {
      const details = { ...reason('TOO_MANY_REVIEWS'), ...retryAfter(turn.waitMs) }
      throw resourceExhausted('A new account may write only a few reviews an hour', details)
    }
    await own.readers.setRecent(readerId, turn.recent)
  }

  return {
    async writeReview(request) {
      const readerId = requireReader(request.readerId)
      const bookId = requireBookId(request.bookId)
      const content = requireContent(request)
      await requireBook(bookId)
      const [isNew, boughtHere] = await Promise.all([
        isNewAccount(accounts, readerId, now()),
        findBought(transactions, readerId, bookId),
      ])

      const review = await stores.transact(async (own) => {
        const reader = await own.readers.lock(readerId)
        if (reader.is_deleted) raise(notFound('There is no such reader'))
        const before = await own.reviews.lockOfReader(readerId, bookId)
        if (before && isSame(before, content)) {
          if (boughtHere !== undefined) await own.reviews.setBought(readerId, bookId, boughtHere)
          return { ...before, bought_here: boughtHere ?? before.bought_here }
        }
        if (isNew) await requireTurn(own, readerId, reader.recent_ms)
        const after = before
          ? await own.reviews.change(before.id, content, boughtHere, now())
          : await own.reviews.add(
              // One that was hidden is not shown again by deleting it and writing it anew.
              {
                ...content,
                bookId,
                readerId,
                boughtHere,
                isReported: await own.readerRatings.wasHidden(readerId, bookId),
              },
              now(),
            )
        await recount(own, before, after, now())
        return after
      })
      return { review: toReviewMessage(review, readerId) }
    },

    async deleteReview(request) {
      const readerId = requireReader(request.readerId)
      const bookId = requireBookId(request.bookId)
      await stores.transact(async (own) => {
        const before = await own.reviews.lockOfReader(readerId, bookId)
        if (!before) return
        await own.reviews.remove(before.id)
        await recount(own, before, undefined, now())
        await own.readerRatings.noteHidden(readerId, bookId, before.state !== 'shown')
      })
      return {}
    },
  }
}

function isSame(review: ReviewRow, { stars, title, text, name }: Content): boolean {
  return review.stars === stars && review.title === title && review.text === text && review.name === name
}
