import type { Kysely } from 'kysely'
import { wilsonLowerBound } from '../rules/wilson.ts'
import type { Tables } from '../tables.ts'
import type { ReviewRow } from './review-store.ts'

/** What readers find helpful. */
export interface VoteStore {
  /** Whether the reader finds a review helpful; undefined without a vote. */
  find(reviewId: string, readerId: number): Promise<boolean | undefined>
  /** Changes the vote of a reader, and what the review counts. The transaction has locked the review. */
  change(review: ReviewRow, readerId: number, vote: boolean | undefined): Promise<ReviewRow>
}

/** Keeps votes in the service's own tables. */
export function createVoteStore(tables: Kysely<Tables>): VoteStore {
  async function find(reviewId: string, readerId: number): Promise<boolean | undefined> {
    const row = await tables
      .selectFrom('votes')
      .select('is_helpful')
      .where('review_id', '=', reviewId)
      .where('reader_id', '=', readerId)
      .executeTakeFirst()
    return row?.is_helpful
  }

  async function write(reviewId: string, readerId: number, vote: boolean | undefined): Promise<void> {
    if (vote === undefined) {
      await tables.deleteFrom('votes').where('review_id', '=', reviewId).where('reader_id', '=', readerId).execute()
      return
    }
    await tables
      .insertInto('votes')
      .values({ review_id: reviewId, reader_id: readerId, is_helpful: vote })
      .onConflict((conflict) => conflict.columns(['review_id', 'reader_id']).doUpdateSet({ is_helpful: vote }))
      .execute()
  }

  return {
    find,
    async change(review, readerId, vote) {
      const before = await find(review.id, readerId)
      if (before === vote) return review
      await write(review.id, readerId, vote)
      const helpful = review.helpful + Number(vote === true) - Number(before === true)
      const notHelpful = review.not_helpful + Number(vote === false) - Number(before === false)
      return tables
        .updateTable('reviews')
        .set({ helpful, not_helpful: notHelpful, helpfulness: wilsonLowerBound(helpful, notHelpful) })
        .where('id', '=', review.id)
        .returningAll()
        .executeTakeFirstOrThrow()
    },
  }
}
