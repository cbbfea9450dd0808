import { describe, expect, it } from '@jest/globals'
import { takeTurn } from './write-limit.ts'

const limit = { reviews: 2, withinMs: 1_000 }

describe('the limit of what a new account writes', () => {
  it('takes as many as it says within its time', () => {
    expect(takeTurn([], 5_000, limit)).toEqual({ recent: [5_000], waitMs: 0 })
    expect(takeTurn([5_000], 5_400, limit)).toEqual({ recent: [5_000, 5_400], waitMs: 0 })
    expect(takeTurn([5_000, 5_400], 5_999, limit)).toEqual({ recent: [5_000, 5_400], waitMs: 1 })
  })

  it('takes another once the first is as old as that', () => {
    expect(takeTurn([5_000, 5_400], 6_000, limit)).toEqual({ recent: [5_400, 6_000], waitMs: 0 })
  })
})
