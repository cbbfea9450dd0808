import { ReviewsServiceService } from '@books/proto'
import { fakeService, serve } from '@books/rpc/testing'
import { openRecordedDatabase } from '@books/runtime/testing'
import { openTables } from '@books/service'
import { describe, expect, it } from '@jest/globals'
import type { ReviewsDeps } from './methods/deps.ts'
import { createRatingMethods } from './methods/ratings.ts'
import { reviews } from './service.ts'
import { createStores } from './stores/stores.ts'

describe('GetRatings', () => {
  it('is one query, for 60 books as for one', async () => {
    await using opened = new AsyncDisposableStack()
    const statements: string[] = []
    const database = opened.use(
      await openRecordedDatabase({ DATA_DIR: 'memory://' }, ({ sql }) => statements.push(sql)),
    )
    const stores = createStores(await openTables(reviews, database))
    for (let bookId = 1; bookId <= 60; bookId++) await stores.ratings.count(bookId, undefined, 4)
    const { getRatings } = createRatingMethods({ stores } as ReviewsDeps)
    const server = opened.use(await serve([fakeService(ReviewsServiceService, { getRatings })]))
    statements.length = 0

    const { ratings } = await server
      .client(ReviewsServiceService)
      .getRatings({ bookIds: Array.from({ length: 60 }, (_, index) => index + 1) })

    expect(ratings.filter(({ count }) => count === 1)).toHaveLength(60)
    expect(statements).toHaveLength(1)
  })
})
