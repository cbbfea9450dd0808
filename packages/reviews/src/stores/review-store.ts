import { randomBytes } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { ReviewState, Tables } from '../tables.ts'

/** A review as it is kept. */
export type ReviewRow = Selectable<Tables['reviews']>

/** What a reader writes. */
export interface Content {
  stars: number
  title: string
  text: string
  name: string
}

/** A review that is new. */
export interface NewReview extends Content {
  bookId: number
  readerId: number
  boughtHere: boolean | undefined
  /** Whether it waits for a decision. */
  isReported: boolean
}

/** Reviews, one by one. */
export interface ReviewStore {
  find(id: string): Promise<ReviewRow | undefined>
  findOfReader(readerId: number, bookId: number): Promise<ReviewRow | undefined>
  /** Finds it, and locks it until the transaction ends. */
  lock(id: string): Promise<ReviewRow | undefined>
  /** The same for the one that a reader wrote about a book. */
  lockOfReader(readerId: number, bookId: number): Promise<ReviewRow | undefined>
  add(review: NewReview, now: Date): Promise<ReviewRow>
  /** Changes what the reader wrote; `boughtHere` stays as it is where it is undefined. */
  change(id: string, content: Content, boughtHere: boolean | undefined, now: Date): Promise<ReviewRow>
  setState(id: string, state: ReviewState, reportedAt: Date | null): Promise<ReviewRow>
  /** Removes it with its votes and reports. */
  remove(id: string): Promise<void>
  /** Reviews of which it is not known whether the reader bought the book, after a number. */
  listToLookUp(after: number, limit: number): Promise<{ number: number; readerId: number; bookId: number }[]>
  /** Stores whether a reader bought a book. */
  setBought(readerId: number, bookId: number, boughtHere: boolean): Promise<void>
}

/** Keeps reviews in the service's own tables. */
export function createReviewStore(tables: Kysely<Tables>): ReviewStore {
  const byId = (id: string) => tables.selectFrom('reviews').selectAll().where('id', '=', id)
  const ofReader = (readerId: number, bookId: number) =>
    tables.selectFrom('reviews').selectAll().where('book_id', '=', bookId).where('reader_id', '=', readerId)

  return {
    find: (id) => byId(id).executeTakeFirst(),
    findOfReader: (readerId, bookId) => ofReader(readerId, bookId).executeTakeFirst(),
    lock: (id) => byId(id).forUpdate().executeTakeFirst(),
    lockOfReader: (readerId, bookId) => ofReader(readerId, bookId).forUpdate().executeTakeFirst(),

    add: ({ bookId, readerId, boughtHere, isReported, ...content }, now) =>
      tables
        .insertInto('reviews')
        .values({
          ...{ id: randomBytes(10).toString('hex'), book_id: bookId, reader_id: readerId, written_at: now },
          ...{ ...content, bought_here: boughtHere ?? null },
          ...(isReported && ({ state: 'reported', reported_at: now } as const)),
        })
        .returningAll()
        .executeTakeFirstOrThrow(),

    change: (id, content, boughtHere, now) =>
      tables
        .updateTable('reviews')
        .set({ ...content, changed_at: now, ...(boughtHere !== undefined && { bought_here: boughtHere }) })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),

    setState: (id, state, reportedAt) =>
      tables
        .updateTable('reviews')
        .set({ state, reported_at: reportedAt })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow(),

    async remove(id) {
      await tables.deleteFrom('reviews').where('id', '=', id).execute()
    },

    async listToLookUp(after, limit) {
      const rows = await tables
        .selectFrom('reviews')
        .select(['number', 'reader_id', 'book_id'])
        .where('bought_here', 'is', null)
        .where('reader_id', 'is not', null)
        .where('number', '>', after)
        .orderBy('number')
        .limit(limit)
        .$narrowType<{ reader_id: number }>()
        .execute()
      return rows.map(({ number, reader_id, book_id }) => ({
        number: Number(number),
        readerId: reader_id,
        bookId: book_id,
      }))
    },

    async setBought(readerId, bookId, boughtHere) {
      await tables
        .updateTable('reviews')
        .set({ bought_here: boughtHere })
        .where('reader_id', '=', readerId)
        .where('book_id', '=', bookId)
        .execute()
    },
  }
}
