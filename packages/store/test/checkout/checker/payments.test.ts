import { describe, expect, it } from '@jest/globals'
import { atMostOneCapture, declinedWhereDeclined, moneyAgrees, nothingIsSetAside } from './payments.ts'
import { cancelled, confirmed, runOf } from './run.fixture.ts'
import type { OrderRow, PaymentRow } from './tables.ts'

const captured: PaymentRow = {
  id: 'pay-1',
  orderId: confirmed.id,
  state: 'captured',
  amountCents: 1_000,
  refundedCents: 0,
}
const run = (order: OrderRow, ...payments: PaymentRow[]) => runOf({ tables: { orders: [order], payments } })

describe('atMostOneCapture', () => {
  it('passes an order with one captured payment and others that are not', () => {
    const other = { ...captured, id: 'pay-2', state: 'cancelled' as const }
    expect(atMostOneCapture(run(confirmed, captured, other))).toEqual([])
  })

  it('finds two, even where one was given back, and money for what is no order', () => {
    expect(atMostOneCapture(run(confirmed, captured, { ...captured, id: 'pay-2', refundedCents: 1_000 }))).toEqual([
      '2 payments were captured for AAAAA-AAAAA',
    ])
    expect(atMostOneCapture(run(confirmed, { ...captured, orderId: 'BBBBB-BBBBB' }))).toEqual([
      'money was taken for BBBBB-BBBBB, which is no order',
    ])
  })
})

describe('moneyAgrees', () => {
  it('passes what was captured and what of it was given back', () => {
    expect(moneyAgrees(run(confirmed, captured))).toEqual([])
    const returned = { ...captured, refundedCents: 300 }
    expect(moneyAgrees(run({ ...confirmed, refundedCents: 300 }, returned))).toEqual([])
    expect(moneyAgrees(run(cancelled, { ...captured, refundedCents: 1_000 }))).toEqual([])
    expect(moneyAgrees(run(cancelled))).toEqual([])
  })

  it('finds money kept of a cancelled order, and a confirmed order that is not paid, or not given back', () => {
    expect(moneyAgrees(run(cancelled, captured))).toEqual(['AAAAA-AAAAA is cancelled: 1000 cents were kept, and not 0'])
    expect(moneyAgrees(run(confirmed))).toEqual(['AAAAA-AAAAA is confirmed: 0 cents were kept, and not 1000'])
    expect(moneyAgrees(run({ ...confirmed, refundedCents: 300 }, captured))).toHaveLength(1)
  })

  it('finds more given back than the order cost', () => {
    const returned = { ...captured, amountCents: 2_000, refundedCents: 2_200 }
    expect(moneyAgrees(run({ ...confirmed, refundedCents: 1_200 }, returned))).toEqual([
      'AAAAA-AAAAA: 1200 of 1000 cents were given back',
    ])
  })
})

describe('nothingIsSetAside', () => {
  it('passes payments of an order that is open, and final ones', () => {
    expect(nothingIsSetAside(run({ ...confirmed, state: 'reserved' }, { ...captured, state: 'open' }))).toEqual([])
    expect(nothingIsSetAside(run(confirmed, captured, { ...captured, state: 'declined' }))).toEqual([])
  })

  it('passes a cancelled order whose payment is still to be ended', () => {
    const undoing = { ...cancelled, isWorkLeft: true }
    expect(nothingIsSetAside(run(undoing, { ...captured, state: 'authorized' }))).toEqual([])
    expect(moneyAgrees(run(undoing, captured))).toEqual([])
  })

  it.each(['open', 'authorized'] as const)('finds a payment of a cancelled order that is %s', (state) => {
    expect(nothingIsSetAside(run(cancelled, { ...captured, state }))).toEqual([
      `payment pay-1 of AAAAA-AAAAA, which is over, is ${state}`,
    ])
  })
})

describe('declinedWhereDeclined', () => {
  const declined = { ...captured, state: 'declined' as const }

  it('passes an order whose payment was declined, and one that was cancelled for another reason', () => {
    expect(declinedWhereDeclined(run(cancelled, declined))).toEqual([])
    expect(declinedWhereDeclined(run({ ...cancelled, cancelReason: 'expired' }))).toEqual([])
  })

  it('finds a payment that was given up and not declined', () => {
    expect(declinedWhereDeclined(run(cancelled, { ...captured, state: 'cancelled' }))).toEqual([
      'AAAAA-AAAAA was cancelled as declined, and no payment of it was',
    ])
  })
})
