import { describe, expect, it } from '@jest/globals'
import { wilsonLowerBound } from './wilson.ts'

describe('how helpful a review is', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 182, 0.2553],
    [15, 133, 0.0624],
    [0, 20, 0],
    [1, 28, 0.0061],
  ])('is the lower bound of Wilson’s interval: of %i and %i votes %f', (helpful, notHelpful, bound) => {
    expect(wilsonLowerBound(helpful, notHelpful)).toBeCloseTo(bound, 4)
  })

  it('is 0 without votes, and where all are against it', () => {
    expect([wilsonLowerBound(0, 0), wilsonLowerBound(0, 7)]).toEqual([0, 0])
  })

  it('is less for one vote of one than for ninety of a hundred', () => {
    expect(wilsonLowerBound(1, 0)).toBeLessThan(wilsonLowerBound(90, 10))
  })
})
