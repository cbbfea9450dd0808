import { describe, expect, it } from '@jest/globals'
import { cancelledHoldsNothing, confirmedExactlyWhereSold } from './reservations.ts'
import { cancelled, confirmed, runOf } from './run.fixture.ts'
import type { OrderRow, ReservationRow } from './tables.ts'

const { id: orderId } = confirmed
const lines = [{ bookId: 7, copies: 2 }]

describe('confirmedExactlyWhereSold', () => {
  const find = (order: OrderRow, ...reservations: ReservationRow[]) =>
    confirmedExactlyWhereSold(runOf({ tables: { orders: [order], reservations } }))

  it('passes a confirmed order whose copies are sold, and a cancelled one whose copies are not, or came back', () => {
    expect(find(confirmed, { orderId, state: 'committed', lines })).toEqual([])
    expect(find(cancelled, { orderId, state: 'released', lines })).toEqual([])
    expect(find(cancelled)).toEqual([])
    expect(find({ ...cancelled, returned: lines }, { orderId, state: 'committed', lines })).toEqual([])
  })

  it('finds a confirmed order whose copies are not sold, or others are', () => {
    expect(find(confirmed, { orderId, state: 'released', lines })).toEqual([
      'AAAAA-AAAAA is confirmed, and no copies of 2 × 7 are sold',
    ])
    expect(find(confirmed, { orderId, state: 'committed', lines: [{ bookId: 7, copies: 1 }] })).toHaveLength(1)
  })

  it('finds a cancelled order whose copies are sold, or came back in part', () => {
    const committed: ReservationRow = { orderId, state: 'committed', lines }

    expect(find(cancelled, committed)).toEqual(['AAAAA-AAAAA is cancelled, and 2 × 7 are sold'])
    expect(find({ ...cancelled, returned: [{ bookId: 7, copies: 1 }] }, committed)).toHaveLength(1)
  })
})

describe('cancelledHoldsNothing', () => {
  const held: ReservationRow = { orderId, state: 'held', lines }

  it.each<Partial<OrderRow>>([{ state: 'reserved' }, { state: 'cancelled', isWorkLeft: true }])(
    'passes an order that is %j',
    (changes) => {
      const orders = [{ ...confirmed, ...changes }]
      expect(cancelledHoldsNothing(runOf({ tables: { orders, reservations: [held] } }))).toEqual([])
    },
  )

  it('finds what a cancelled order holds, and what is held for no order', () => {
    expect(cancelledHoldsNothing(runOf({ tables: { orders: [cancelled], reservations: [held] } }))).toEqual([
      'AAAAA-AAAAA is cancelled, and holds 2 × 7',
    ])
    expect(cancelledHoldsNothing(runOf({ tables: { reservations: [held] } }))).toEqual([
      'AAAAA-AAAAA is no order, and holds 2 × 7',
    ])
  })
})
