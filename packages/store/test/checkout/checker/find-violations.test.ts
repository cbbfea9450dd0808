import { describe, expect, it } from '@jest/globals'
import { findViolations } from './find-violations.ts'
import { cancelled, confirmed, keyHashOf, placingOf, runOf } from './run.fixture.ts'
import type { OrderRow } from './tables.ts'

const lines = [{ bookId: 7, copies: 2 }]
const otherId = 'BBBBB-BBBBB'
const other = { ...cancelled, id: otherId, keyHash: keyHashOf(`key of ${otherId}`), placedAt: 6_000, finalAt: 7_000 }
const orders: OrderRow[] = [confirmed, other]
const run = runOf({
  history: {
    keys: orders.map(({ id }) => `key of ${id}`),
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
      { orderId: otherId, state: 'released', lines },
    ],
    payments: [
      { id: 'pay-1', orderId: confirmed.id, state: 'captured', amountCents: 1_000, refundedCents: 0 },
      { id: 'pay-2', orderId: otherId, state: 'declined', amountCents: 1_000, refundedCents: 0 },
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

  it('asks a run that goes on only for what holds at each moment', () => {
    const reserved = { ...other, state: 'reserved' as const, cancelReason: '', finalAt: undefined, isWorkLeft: true }
    const tables = {
      ...run.tables,
      orders: [confirmed, reserved],
      reservations: run.tables.reservations.map((row) => ({ ...row, state: 'held' as const })),
      stock: [{ bookId: 7, free: 6, held: 4, sold: 0 }],
    }

    const history = { ...run.history, placings: [], receipts: [] }
    expect(findViolations({ history, tables }, { goesOn: true })).toEqual([
      {
        invariant: 'confirmed exactly where stock is sold',
        text: 'AAAAA-AAAAA is confirmed, and no copies of 2 × 7 are sold',
      },
      { invariant: 'a cancelled order holds nothing', text: 'AAAAA-AAAAA is confirmed, and holds 2 × 7' },
    ])
  })
})
