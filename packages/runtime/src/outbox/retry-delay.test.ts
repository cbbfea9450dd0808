import { describe, expect, it } from '@jest/globals'
import { retryDelayMs } from './retry-delay.ts'

const delays = { firstMs: 1_000, longestMs: 60_000 }

describe('the delay between two tries', () => {
  it('doubles up to the longest', () => {
    const average = [1, 2, 3, 6, 7, 8, 36, 2_000].map((attempts) => retryDelayMs(attempts, delays, () => 0.5))

    expect(average).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000, 60_000])
  })

  it('is up to a half shorter or longer', () => {
    expect([0, 0.999].map((chance) => retryDelayMs(1, delays, () => chance))).toEqual([500, 1_499])
  })
})
