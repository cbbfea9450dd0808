import { describe, expect, it } from '@jest/globals'
import { measureGetCart } from './get-cart-ratio.ts'

describe('the benchmark of GetCart', () => {
  it('runs', async () => {
    const { getCart, constant, ratio } = await measureGetCart({ databaseUrl: undefined, rounds: 1, callsInRound: 100 })

    for (const value of [getCart, constant, ratio]) expect(value).toBeGreaterThan(0)
  })
})
