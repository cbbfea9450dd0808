import { describe, expect, it } from '@jest/globals'
import { decayedPopularity, rankByScore } from './popularity.ts'

describe('rankByScore', () => {
  it('puts high scores first, and low ids among equals', () => {
    expect([...rankByScore([1, 5, 1, 7])]).toEqual([3, 1, 0, 2])
  })
})

describe('decayedPopularity', () => {
  it('halves a reading with each half-life', () => {
    const readings = [
      { item: 0, timeMs: 1000 },
      { item: 1, timeMs: 900 },
      { item: 1, timeMs: 800 },
    ]

    expect([...decayedPopularity(readings, { itemCount: 3, nowMs: 1000, halfLifeMs: 100 })]).toEqual([1, 0.75, 0])
  })
})
