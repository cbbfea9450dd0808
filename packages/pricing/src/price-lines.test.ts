import { describe, expect, it } from '@jest/globals'
import { priceLines, promotions, type UnpricedLine } from './price-lines.ts'

const promotion = 'buy_two_get_one_free_promo'
const falcon = { bookId: 1, copies: 1, unitPriceCents: 999 }
const dune = { bookId: 6, copies: 1, unitPriceCents: 1_299 }
const emma = { bookId: 9, copies: 1, unitPriceCents: 799 }

describe('priceLines', () => {
  it('makes the cheapest of three copies free', () => {
    expect(priceLines([falcon, dune, emma], { promotions })).toEqual({
      subtotalCents: 3_097,
      adjustments: [{ promotion, bookId: 9, amountCents: 799 }],
      totalCents: 2_298,
      hint: undefined,
    })
  })

  it('counts copies of one book, and makes one of them free', () => {
    const { adjustments, totalCents } = priceLines([{ ...falcon, copies: 7 }], { promotions })

    expect(adjustments).toEqual([{ promotion, bookId: 1, amountCents: 999 }])
    expect(totalCents).toBe(6 * 999)
  })

  it.each([
    [[falcon], 2],
    [[falcon, dune], 1],
    [[{ ...falcon, copies: 2 }], 1],
  ])('says how many copies are missing', (lines: UnpricedLine[], copiesMissing) => {
    const priced = priceLines(lines, { promotions })

    expect(priced.hint).toEqual({ promotion, copiesMissing })
    expect(priced.adjustments).toEqual([])
    expect(priced.totalCents).toBe(priced.subtotalCents)
  })

  it('takes nothing off, and hints at nothing, for a customer who has used the promotion', () => {
    expect(priceLines([falcon, dune, emma], { promotions: [] })).toEqual({
      subtotalCents: 3_097,
      adjustments: [],
      totalCents: 3_097,
      hint: undefined,
    })
    expect(priceLines([falcon], { promotions: [] }).hint).toBeUndefined()
  })

  it('chooses the same unit of equally cheap books, in whatever order the lines are', () => {
    const twin = { ...falcon, bookId: 3 }

    for (const lines of [
      [twin, dune, falcon],
      [falcon, twin, dune],
    ]) {
      expect(priceLines(lines, { promotions }).adjustments).toEqual([{ promotion, bookId: 1, amountCents: 999 }])
    }
  })

  it('hints at nothing in an empty cart', () => {
    expect(priceLines([], { promotions })).toEqual({
      subtotalCents: 0,
      adjustments: [],
      totalCents: 0,
      hint: undefined,
    })
  })

  it('keeps the promotion where the cheapest book costs nothing', () => {
    expect(priceLines([falcon, dune, { ...emma, unitPriceCents: 0 }], { promotions }).adjustments).toEqual([])
  })
})
