import { takeNumber } from '@books/runtime'
import { type Revisions, revisionsOf } from '@books/service/watch'
import type { Kysely, Selectable } from 'kysely'
import type { Tables } from '../tables.ts'

/** A reader's rating of a book, for those that follow them. */
export type ReaderRating = Omit<Selectable<Tables['reader_ratings']>, 'was_hidden'>

/** The ratings of readers, in the order of their last changes. */
export interface ReaderRatingStore extends Required<Revisions> {
  /** Takes part in the transaction that changes the review. 0 stars take a rating back. */
  set(rating: Pick<ReaderRating, 'reader_id' | 'book_id' | 'stars' | 'rated_at'>): Promise<void>
  listChanged(afterRevision: number, limit: number): Promise<ReaderRating[]>
  /** Stores whether a review that the reader deletes was hidden. */
  noteHidden(readerId: number, bookId: number, wasHidden: boolean): Promise<void>
  /** Whether the reader's last review of the book was hidden when the reader deleted it. */
  wasHidden(readerId: number, bookId: number): Promise<boolean>
}

const sequence = 'reviews.rating_revisions'

/** Keeps them in the service's own tables. */
export function createReaderRatingStore(tables: Kysely<Tables>): ReaderRatingStore {
  return {
    ...revisionsOf(tables, sequence),

    async set(rating) {
      const row = { ...rating, revision: await takeNumber(tables, sequence) }
      await tables
        .insertInto('reader_ratings')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['reader_id', 'book_id'])
            .doUpdateSet({ stars: row.stars, rated_at: row.rated_at, revision: row.revision }),
        )
        .execute()
    },

    listChanged: (afterRevision, limit) =>
      tables
        .selectFrom('reader_ratings')
        .select(['reader_id', 'book_id', 'stars', 'rated_at', 'revision'])
        .where('revision', '>', afterRevision)
        .orderBy('revision')
        .limit(limit)
        .execute(),

    async noteHidden(readerId, bookId, wasHidden) {
      await tables
        .updateTable('reader_ratings')
        .set({ was_hidden: wasHidden })
        .where('reader_id', '=', readerId)
        .where('book_id', '=', bookId)
        .execute()
    },

    async wasHidden(readerId, bookId) {
      const row = await tables
        .selectFrom('reader_ratings')
        .select('was_hidden')
        .where('reader_id', '=', readerId)
        .where('book_id', '=', bookId)
        .executeTakeFirst()
      return row?.was_hidden ?? false
    },
  }
}
