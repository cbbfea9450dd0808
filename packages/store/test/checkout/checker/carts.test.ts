import { describe, expect, it } from '@jest/globals'
import type { CartChange } from '../history/history.ts'
import { orderedLinesLeaveTheCart } from './carts.ts'
import { cancelled, confirmed, runOf } from './run.fixture.ts'
import type { OrderRow } from './tables.ts'

const cartId = confirmed.cartId
const added: CartChange = { cartId, bookId: 7, copies: 3, kind: 'add', outcome: 'done', beganAt: 1, endedAt: 2 }
const find = (copies: number, cartChanges: CartChange[], ...orders: OrderRow[]) =>
  orderedLinesLeaveTheCart(
    runOf({ history: { cartChanges }, tables: { orders, cartLines: copies ? [{ cartId, bookId: 7, copies }] : [] } }),
  )

describe('orderedLinesLeaveTheCart', () => {
  it('passes what was added less what a confirmed order bought', () => {
    expect(find(1, [added], confirmed)).toEqual([])
    expect(find(3, [added], cancelled)).toEqual([])
    expect(find(3, [added])).toEqual([])
  })

  it('passes either where the outcome of a change is not known', () => {
    const unknown: CartChange = { ...added, copies: 2, outcome: 'unknown' }

    expect(find(1, [added, unknown], confirmed)).toEqual([])
    expect(find(3, [added, unknown], confirmed)).toEqual([])
    expect(find(4, [added, unknown], confirmed)).toHaveLength(1)
  })

  it('passes what a line was set to', () => {
    expect(find(0, [added, { ...added, kind: 'set', copies: 0, beganAt: 3 }])).toEqual([])
    expect(find(2, [added, { ...added, kind: 'set', copies: 2, outcome: 'refused', beganAt: 3 }])).toHaveLength(1)
  })

  it.each([
    ['was bought and stayed', 3],
    ['was added meanwhile and left, too', 0],
  ])('finds a line that %s', (_what, copies) => {
    expect(find(copies, [added], confirmed)).toEqual([
      `cart reader:1 has ${copies} copies of book 7, and not 1: 3 were added, and 2 bought`,
    ])
  })
})
