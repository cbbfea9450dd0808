import { describe, expect, it } from '@jest/globals'
import { recencyWeightsOf } from './recency.ts'

describe('recencyWeightsOf', () => {
  it('weighs the k-th newest k^-½', () => {
    expect([...recencyWeightsOf([900, 20, 10, 3])]).toEqual([1, 1 / Math.sqrt(2), 1 / Math.sqrt(3), 1 / 2])
  })

  it('gives items of the same time the mean of their weights', () => {
    const shared = (1 / Math.sqrt(2) + 1 / Math.sqrt(3)) / 2

    expect([...recencyWeightsOf([9, 5, 5, 1])]).toEqual([1, shared, shared, 0.5])
  })

  it('weighs all the same where no time differs', () => {
    expect([...recencyWeightsOf([7, 7, 7])]).toEqual([1, 1, 1])
    expect([...recencyWeightsOf([7])]).toEqual([1])
    expect([...recencyWeightsOf([])]).toEqual([])
  })
})
