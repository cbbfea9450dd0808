import { describe, expect, it } from '@jest/globals'
import { findViolations } from './find-violations.ts'
import { cancelled, confirmed, placingOf, runOf } from './run.fixture.ts'
import type { OrderRow } from './tables.ts'

const lines = [{ bookId: 7, copies: 2 }]
const orders: OrderRow[] = [confirmed, { ...cancelled, id: 'BBBBB-BBBBB', placedAt: 6_000, finalAt: 7_000 }]
const run = runOf({
  history: {
    placings: orders.map((order) => placingOf(order)),
    supplies: [{ bookId: 7, copies: 10 }],
    receipts: [{ orderId: confirmed.id, messageId: '<1>' }],
    cartChanges: [{ cartId: 'reader:1', bookId: 7, copies: 2, kind: 'add', outcome: 'done', beganAt: 1, endedAt: 2 }],
  },
  tables: {
    orders,
    stock: [{ bookId: 7, free: 8, held: 0, sold: 2 }],
    reservations: [
      { orderId: confirmed.id, state: 'committed', lines },
      { orderId: 'BBBBB-BBBBB', state: 'released', lines },
    ],
    payments: [
      { id: 'pay-1', orderId: confirmed.id, state: 'captured', amountCents: 1_000, refundedCents: 0 },
      { id: 'pay-2', orderId: 'BBBBB-BBBBB', state: 'declined', amountCents: 1_000, refundedCents: 0 },
    ],
    receipts: [{ orderId: confirmed.id, state: 'done' }],
  },
})

describe('findViolations', () => {
  it('finds none in a run of an order that was paid and one that was declined', () => {
    expect(findViolations(run)).toEqual([])
  })

  it('names the invariant that is contradicted', () => {
    const wrong = { ...run, tables: { ...run.tables, receipts: [] } }

    expect(findViolations(wrong)).toEqual([
      { invariant: 'one receipt exactly where confirmed', text: 'AAAAA-AAAAA is confirmed, and has 0 receipts' },
    ])
  })
})
