import { describe, expect, it } from '@jest/globals'
import { ndcgAt, recallAt } from './metrics.ts'

const relevant = new Set([1, 2, 3])

describe('recallAt', () => {
  it('is the share of the relevant items that were found', () => {
    expect(recallAt([1, 9, 2, 3], relevant, 3)).toBeCloseTo(2 / 3)
  })

  it('divides by all relevant items, also when the list is shorter', () => {
    expect(recallAt([1], relevant, 1)).toBeCloseTo(1 / 3)
  })
})

describe('ndcgAt', () => {
  it('is 1 when everything on the list is relevant', () => {
    expect(ndcgAt([3, 1], relevant, 2)).toBeCloseTo(1)
  })

  it('counts later places for less', () => {
    const ideal = 1 + 1 / Math.log2(3) + 1 / 2

    expect(ndcgAt([9, 1, 8, 7], relevant, 4)).toBeCloseTo(1 / Math.log2(3) / ideal)
  })

  it('misses what a short list leaves out', () => {
    expect(ndcgAt([], relevant, 20)).toBe(0)
  })
})
