import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** How the readers of a book rate it. */
export interface Rating {
  book_id: number
  /** How many gave 1, 2, 3, 4 and 5 stars. */
  histogram: number[]
  count: number
  sum: number
  has_samples: boolean
}

/** Rated books, the best first. */
export interface Ranked {
  /** Null for all categories. */
  category: number | null
  book_ids: number[]
}

/** The ratings of books. */
export interface RatingStore {
  /** Counts a rating in place of another one of the same book; undefined where there is none. */
  count(bookId: number, before: number | undefined, after: number | undefined): Promise<void>
  /** Those of the books that were rated, in no order. */
  list(bookIds: readonly number[]): Promise<Rating[]>
  /** The rated books of each category, and of all. Reads every rating. */
  rank(): Promise<Ranked[]>
}

// The weight of the store's mean, in ratings.
const priorWeight = 10

/** Keeps one row for each book. */
export function createRatingStore(tables: Kysely<Tables>): RatingStore {
  return {
    async count(bookId, before, after) {
      if (before === after) return
      const added = [1, 2, 3, 4, 5].map((stars) => Number(stars === after) - Number(stars === before))
      // Of a book without a row nothing is taken away; the row that a conflict leaves unused must keep the table's rules, too.
      const first = added.map((change) => Math.max(change, 0))
      // One statement: others that count the same book wait for its end, and add to what it left.
      await sql`
        insert into reviews.ratings (book_id, histogram) values (${bookId}, ${first}::integer[])
        on conflict (book_id) do update set histogram = array[${sql.join(
          added.map((change, index) => sql`ratings.histogram[${sql.lit(index + 1)}] + ${change}::integer`),
        )}]`.execute(tables)
    },

    list: (bookIds) =>
      tables
        .selectFrom('ratings')
        .select(({ exists, selectFrom }) => [
          ...(['book_id', 'histogram', 'count', 'sum'] as const),
          exists(
            selectFrom('reviews').whereRef('reviews.book_id', '=', 'ratings.book_id').where('is_sample', '=', true),
          )
            .$castTo<boolean>()
            .as('has_samples'),
        ])
        .where(sql<boolean>`book_id = any(${[...bookIds]}::integer[])`)
        .execute(),

    /*
     * By the Bayesian mean, (10 × the store's mean + the sum of the stars) / (10 + their count): the mean of the posterior where the prior is
     * the store's mean and weighs as much as ten ratings. A. Gelman et al., "Bayesian Data Analysis", 3rd edition (2013), section 2.5.
     */
    async rank() {
      const weight = sql.lit(priorWeight)
      const { rows } = await sql<Ranked>`
        with rated as (
          select book_id, category, count, sum from reviews.ratings join reviews.books on books.id = book_id where count > 0
        ), store as (select sum(sum)::double precision / sum(count) as mean from rated)
        select category, coalesce(array_agg(
          book_id order by (${weight} * mean + sum) / (${weight} + count) desc, count desc, book_id
        ), '{}') as book_ids
        from rated, store group by grouping sets ((category), ())`.execute(tables)
      return rows
    },
  }
}
