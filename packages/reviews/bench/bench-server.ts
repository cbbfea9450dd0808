import { ReviewsServiceService } from '@books/proto'
import { service } from '@books/rpc'
import { serve } from '@books/rpc/testing'
import { openDatabase } from '@books/runtime'
import { openMemoryDatabase, silentLog } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { type Kysely, sql } from 'kysely'
import { createRanking } from '../src/methods/ranking.ts'
import { createReviews } from '../src/reviews.ts'
import { reviews } from '../src/service.ts'
import { createStores } from '../src/stores/stores.ts'
import type { Tables } from '../src/tables.ts'

/** What a server of the benchmark has. */
export interface BenchServerSettings {
  /** The embedded database without it. */
  databaseUrl: string | undefined
  /** How many reviews the book with many has. */
  reviewCount: number
  /** How many books are rated. */
  ratedCount: number
}

/** A book with many reviews, one with ten, and one with ten of four stars. */
export const books = { many: 1, ten: 2, tenOfFour: 3 }

/** Serves reviews. Each has a text of about 300 characters, and is more or less helpful. */
export async function start({ databaseUrl, reviewCount, ratedCount }: BenchServerSettings) {
  const database = await (databaseUrl
    ? openDatabase({ DATABASE_URL: databaseUrl, DATA_DIR: '' }, silentLog)
    : openMemoryDatabase())
  const tables = await openTables(reviews, database)
  await addReviews(tables, books.many, reviewCount)
  await addReviews(tables, books.ten, 10)
  await addReviews(tables, books.tenOfFour, 10, 4)
  await rateBooks(tables, ratedCount)

  const stores = createStores(tables)
  const never = () => Promise.reject(new Error('not in this benchmark'))
  const methods = createReviews({
    ...{ stores, ranking: createRanking(stores.ratings.rank), now: () => new Date(), wakeOutbox() {} },
    changes: { newerThan: never, requireRunning() {}, stop() {} },
    transactions: { listBought: never },
    accounts: { getReader: never },
    writeLimit: { reviews: 3, withinMs: 1_000 },
  })
  const server = await serve([service(ReviewsServiceService, methods)])
  return {
    port: server.port,
    async stop() {
      await server.stop()
      await database.close()
    },
  }
}

async function addReviews(tables: Kysely<Tables>, bookId: number, count: number, stars?: number): Promise<void> {
  await sql`
    insert into reviews.reviews (id, book_id, reader_id, name, stars, title, text, bought_here, helpful, helpfulness, written_at)
    select md5(${`book ${bookId}`}::text || n), ${bookId}::integer, n, 'Ada', ${stars === undefined ? sql`1 + n * 7 % 5` : sql`${stars}::integer`}, 'A title', repeat('Words of ' || n || ' ', 20),
      n % 2 = 0, n % 90, (n * 7919 % 90) / 100.0, now()
    from generate_series(1, ${count}::integer) as n`.execute(tables)
}

async function rateBooks(tables: Kysely<Tables>, count: number): Promise<void> {
  await sql`
    insert into reviews.books (id, title, category)
    select n, 'Volume ' || n, 1 + n % 12 from generate_series(1, ${count}::integer) as n`.execute(tables)
  await sql`
    insert into reviews.ratings (book_id, histogram)
    select n, array[n % 7, n % 5, n % 11, n % 13, 1 + n % 17] from generate_series(1, ${count}::integer) as n`.execute(
    tables,
  )
}
