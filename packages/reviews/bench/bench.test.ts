import { describe, expect, it } from '@jest/globals'
import { measureReviews } from './measure-reviews.ts'

describe('the benchmark of reviews', () => {
  it('runs', async () => {
    const { rows, ranking } = await measureReviews({
      databaseUrl: undefined,
      reviewCount: 600,
      ratedCount: 100,
      calls: 5,
    })

    expect(rows).toHaveLength(16)
    for (const { ten, many } of rows) expect(Math.min(ten.p50, many.p50)).toBeGreaterThan(0)
    expect(Math.min(ranking.first, ranking.later.p50)).toBeGreaterThan(0)
  })
})
