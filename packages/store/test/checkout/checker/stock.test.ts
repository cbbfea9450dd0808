import { describe, expect, it } from '@jest/globals'
import { confirmed, runOf } from './run.fixture.ts'
import { copiesAddUp, copiesBelongToOrders, freeIsNeverNegative } from './stock.ts'

const stock = [{ bookId: 7, free: 5, held: 1, sold: 2 }]

describe('freeIsNeverNegative', () => {
  it('passes copies of which there are none', () => {
    expect(freeIsNeverNegative(runOf({ tables: { stock: [{ bookId: 7, free: 0, held: 0, sold: 0 }] } }))).toEqual([])
  })

  it('finds too few in the table, and in an answer during the run', () => {
    const wrong = { bookId: 7, free: -1, held: 1, sold: 0 }

    const text = 'book 7: -1 free, 1 held, 0 sold'
    expect(freeIsNeverNegative(runOf({ tables: { stock: [wrong] } }))).toEqual([text])
    const stockSeen = [{ ...wrong, beganAt: 1, endedAt: 2 }]
    expect(freeIsNeverNegative(runOf({ history: { stockSeen } }))).toEqual([text])
  })
})

describe('copiesAddUp', () => {
  it('passes what several deliveries brought', () => {
    const supplies = [
      { bookId: 7, copies: 6 },
      { bookId: 7, copies: 2 },
    ]
    expect(copiesAddUp(runOf({ history: { supplies }, tables: { stock } }))).toEqual([])
  })

  it.each([7, 9])('finds 8 copies of a book of which %i came', (copies) => {
    const run = runOf({ history: { supplies: [{ bookId: 7, copies }] }, tables: { stock } })

    expect(copiesAddUp(run)).toEqual([`book 7: 5 free + 1 held + 2 sold = 8, and ${copies} were received`])
  })
})

describe('copiesBelongToOrders', () => {
  const reservations = [
    { orderId: 'A', state: 'held' as const, lines: [{ bookId: 7, copies: 1 }] },
    { orderId: 'B', state: 'committed' as const, lines: [{ bookId: 7, copies: 3 }] },
    { orderId: 'C', state: 'released' as const, lines: [{ bookId: 7, copies: 4 }] },
  ]
  const orders = [{ ...confirmed, returned: [{ bookId: 7, copies: 1 }] }]

  it('passes copies of reservations, less those that came back', () => {
    expect(copiesBelongToOrders(runOf({ tables: { stock, reservations, orders } }))).toEqual([])
  })

  it('finds held and sold copies of which no reservation knows', () => {
    expect(copiesBelongToOrders(runOf({ tables: { stock } }))).toEqual([
      'book 7: 1 held and 2 sold, and orders have 0 and 0',
    ])
  })
})
