import { type Kysely, sql } from 'kysely'
import type { Cursor, ReviewSort } from '../rules/review-sort.ts'
import type { Tables } from '../tables.ts'
import type { ReviewRow } from './review-store.ts'

/** Which page of a book's reviews to read. */
export interface PageQuery {
  bookId: number
  sort: ReviewSort
  /** 0 for all. */
  stars: number
  /** The cursor of the last review before the page. */
  after: Cursor | undefined
  limit: number
  /** 0 for a visitor who is not signed in. */
  readerId: number
}

/** A review, and what the reader who looks at it voted. */
export interface ListedReview extends ReviewRow {
  /** Null without a vote. */
  vote: boolean | null
  cursor: Cursor
}

/** Pages of reviews. */
export interface PageStore {
  /** Those with a text that are shown, and that of the reader whatever it is. */
  listOfBook(query: PageQuery): Promise<ListedReview[]>
  /** All that a reader wrote before the one with this number, from the newest on. */
  listOfReader(readerId: number, before: number | undefined, limit: number): Promise<ReviewRow[]>
  /** Those that wait for a decision, after a position, the first reported first. */
  listReported(after: ReportedCursor | undefined, limit: number): Promise<(ReviewRow & { reported_at: Date })[]>
}

/** The position of a review among those that wait for a decision. */
export interface ReportedCursor {
  reportedAt: Date
  number: number
}

// Each is a column or an expression of an index, with its type.
const keys = {
  helpful: [sql`helpfulness`, sql`double precision`],
  newest: [sql`0`, sql`integer`],
  highest: [sql`stars`, sql`integer`],
  lowest: [sql`(-stars)`, sql`integer`],
} as const satisfies Record<ReviewSort, unknown>

/** Reads pages from the service's own tables. */
export function createPageStore(tables: Kysely<Tables>): PageStore {
  return {
    async listOfBook({ bookId, sort, stars, after, limit, readerId }) {
      // Reviews of one number of stars are sorted by it already.
      const [key, type] = keys[stars > 0 && sort !== 'helpful' ? 'newest' : sort]
      const isByAge = key === keys.newest[0]
      const order = isByAge ? sql`number desc` : sql`${key} desc, number desc`
      const conditions = sql`
        book_id = ${bookId} ${stars > 0 ? sql`and stars = ${stars}` : sql``} ${after ? sql`and ${isAfter(after)}` : sql``}`

      function isAfter(cursor: Cursor) {
        return isByAge
          ? sql`number < ${cursor.number}::bigint`
          : sql`(${key}, number) < (${cursor.key}::${type}, ${cursor.number}::bigint)`
      }

      const listed = sql`
        select *, ${key} as key from reviews.reviews where ${conditions} and is_listed order by ${order} limit ${limit}`
      const own = sql`
        select *, ${key} as key from reviews.reviews
        where ${conditions} and reader_id = ${readerId} and not is_listed`
      const query =
        readerId > 0
          ? sql<PageRow>`
              select page.*, votes.is_helpful as vote from ((${listed}) union all (${own})) as page
              left join reviews.votes on votes.review_id = page.id and votes.reader_id = ${readerId}
              order by key desc, number desc limit ${limit}`
          : sql<PageRow>`${listed}`
      const { rows } = await query.execute(tables)
      return rows.map(({ key: value, vote = null, ...row }) => ({
        ...row,
        vote,
        cursor: { key: value, number: Number(row.number) },
      }))
    },

    listOfReader: (readerId, before, limit) =>
      tables
        .selectFrom('reviews')
        .selectAll()
        .where('reader_id', '=', readerId)
        .$if(before !== undefined, (query) => query.where(sql<boolean>`number < ${before}::bigint`))
        .orderBy('number', 'desc')
        .limit(limit)
        .execute(),

    listReported: (after, limit) =>
      tables
        .selectFrom('reviews')
        .selectAll()
        .where('reported_at', 'is not', null)
        .$if(after !== undefined, (query) =>
          query.where(
            sql<boolean>`(reported_at, number) > (${after?.reportedAt}::timestamptz, ${after?.number}::bigint)`,
          ),
        )
        .orderBy('reported_at')
        .orderBy('number')
        .limit(limit)
        .$narrowType<{ reported_at: Date }>()
        .execute(),
  }
}

interface PageRow extends ReviewRow {
  key: number
  vote?: boolean | null
}
