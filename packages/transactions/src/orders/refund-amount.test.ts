import { describe, expect, it } from '@jest/globals'
import type { OrderLine } from './order.ts'
import { refundAmountOf } from './refund-amount.ts'

const line = (bookId: number, copies: number, unitPriceCents: number, discountCents = 0): OrderLine => ({
  ...{ bookId, copies, unitPriceCents, discountCents },
  ...{ title: 'A book', author: 'An author', refundedCopies: 0 },
})
const falcon = line(1, 1, 999)
const emma = line(9, 2, 799, 799)

describe('what a refund gives back', () => {
  it('is all that was paid, where no copies are named', () => {
    expect(refundAmountOf([falcon, emma], [])).toEqual({
      lines: [
        { bookId: 1, copies: 1 },
        { bookId: 9, copies: 2 },
      ],
      amountCents: 999 + 799,
    })
  })

  it('is the frozen price of a copy, and what was paid for the one of the promotion, which comes back last', () => {
    const first = refundAmountOf([falcon, emma], [{ bookId: 9, copies: 1 }])
    const second = refundAmountOf([falcon, { ...emma, refundedCopies: 1 }], [{ bookId: 9, copies: 1 }])

    expect(first?.amountCents).toBe(799)
    expect(second?.amountCents).toBe(0)
  })

  it('adds up to what was paid, in whatever parts the copies come back', () => {
    const lines = [falcon, line(2, 3, 1_001), line(9, 3, 799, 799)]
    const paid = 999 + 3 * 1_001 + 2 * 799
    let given = 0
    for (const { bookId, copies } of lines) {
      for (let refundedCopies = 0; refundedCopies < copies; refundedCopies++) {
        const now = lines.map((one) => (one.bookId === bookId ? { ...one, refundedCopies } : one))
        given += refundAmountOf(now, [{ bookId, copies: 1 }])?.amountCents ?? Number.NaN
      }
    }

    expect(given).toBe(paid)
  })

  it.each([[[{ bookId: 1, copies: 2 }]], [[{ bookId: 7, copies: 1 }]]])(
    'is nothing for %j, of which fewer are left',
    (wanted) => {
      expect(refundAmountOf([falcon, emma], wanted)).toBeUndefined()
    },
  )

  it('is nothing where all was refunded', () => {
    expect(refundAmountOf([{ ...falcon, refundedCopies: 1 }], [])).toBeUndefined()
  })
})
