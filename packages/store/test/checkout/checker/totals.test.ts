import { describe, expect, it } from '@jest/globals'
import { confirmed, placingOf, runOf } from './run.fixture.ts'
import type { OrderRow } from './tables.ts'
import { totalsAgree } from './totals.ts'

const promoted: OrderRow = {
  ...confirmed,
  promotion: 'buy_two_get_one_free_promo',
  lines: [
    { bookId: 7, copies: 2, unitPriceCents: 500, discountCents: 0, refundedCopies: 0 },
    { bookId: 8, copies: 1, unitPriceCents: 300, discountCents: 300, refundedCopies: 0 },
  ],
}
const find = (order: OrderRow, expectedTotalCents = order.totalCents) =>
  totalsAgree(runOf({ history: { placings: [placingOf(order, { expectedTotalCents })] }, tables: { orders: [order] } }))

describe('totalsAgree', () => {
  it('passes an order with the promotion and one without', () => {
    expect(find(confirmed)).toEqual([])
    expect(find(promoted)).toEqual([])
  })

  it('finds a total that is not that of the lines', () => {
    expect(find({ ...confirmed, totalCents: 900 })).toEqual([
      'AAAAA-AAAAA costs 900, and its lines 1000',
      'AAAAA-AAAAA costs 900, and its lines less their discounts 1000',
    ])
  })

  it('finds a promotion that no line has', () => {
    const lines = promoted.lines.map((line) => ({ ...line, discountCents: 0 }))
    expect(find({ ...promoted, lines })).toEqual(['AAAAA-AAAAA costs 1000, and its lines less their discounts 1300'])
  })

  it('finds a total that its customer was not shown', () => {
    expect(find(confirmed, 1_100)).toEqual(['AAAAA-AAAAA costs 1000, and its customer was shown 1100'])
  })
})
