import { describe, expect, it } from '@jest/globals'
import type { History, State } from '../history/history.ts'
import { acknowledgedOrdersExist, finalStatesNeverChange, oneOpenOrderOfACart, ordersBecomeFinal } from './orders.ts'
import { cancelled, confirmed, placingOf, runOf } from './run.fixture.ts'
import type { OrderRow } from './tables.ts'

describe('acknowledgedOrdersExist', () => {
  const find = (...orders: OrderRow[]) =>
    acknowledgedOrdersExist(runOf({ history: { placings: [placingOf(confirmed)] }, tables: { orders } }))

  it('passes an order as it was answered, and finds one that is gone or costs something else', () => {
    expect(find(confirmed)).toEqual([])
    expect(find()).toEqual(['AAAAA-AAAAA was shown with a total of 1000, and now is no order'])
    expect(find({ ...confirmed, totalCents: 1_200 })).toHaveLength(1)
  })
})

describe('finalStatesNeverChange', () => {
  const find = (order: OrderRow, ...states: [State, beganAt: number, endedAt: number][]) => {
    const sightings = states.map(([state, beganAt, endedAt]) => ({ orderId: order.id, state, beganAt, endedAt }))
    return finalStatesNeverChange(runOf({ history: { sightings }, tables: { orders: [order] } }))
  }

  it('passes an order that goes on, and answers that overlap', () => {
    expect(find(confirmed, ['placed', 1, 2], ['reserved', 3, 4], ['captured', 5, 6])).toEqual([])
    expect(find(confirmed, ['captured', 1, 4], ['authorized', 3, 5])).toEqual([])
    expect(find(cancelled, ['authorized', 1, 2])).toEqual([])
  })

  it.each<[State, State]>([
    ['confirmed', 'cancelled'],
    ['cancelled', 'confirmed'],
    ['captured', 'cancelled'],
    ['authorized', 'reserved'],
  ])('finds an order that was %s, and later %s', (earlier, later) => {
    const text = `AAAAA-AAAAA was ${earlier}, and later ${later}`
    expect(find({ ...confirmed, state: later }, [earlier, 1, 2])).toEqual([text])
    expect(find({ ...confirmed, state: later }, [earlier, 1, 2], [later, 3, 4])).toContain(text)
  })

  it('counts the answers to placing, too', () => {
    const placings = [placingOf(confirmed)]
    expect(finalStatesNeverChange(runOf({ history: { placings }, tables: { orders: [cancelled] } }))).toHaveLength(1)
  })
})

describe('ordersBecomeFinal', () => {
  const find = (order: OrderRow, history: Partial<History> = {}) =>
    ordersBecomeFinal(runOf({ history, tables: { orders: [order] } }))
  const late = { ...confirmed, finalAt: 100_000 }

  it('passes what is final soon after the last fault, the last action, or the time to pay', () => {
    expect(find(confirmed)).toEqual([])
    expect(find(late, { faults: [{ process: 'cart', kind: 'kill', beganAt: 0, endedAt: 75_000 }] })).toEqual([])
    expect(find(late, { actions: [{ orderId: late.id, name: 'pay', beganAt: 0, endedAt: 75_000 }] })).toEqual([])
    expect(find(late, { actions: [{ orderId: late.id, name: 'answers late', beganAt: 0, endedAt: 55_000 }] })).toEqual(
      [],
    )
    expect(find({ ...cancelled, cancelReason: 'expired', finalAt: 89_000 })).toEqual([])
  })

  it('gives answers that come late their time after the last fault, which may have put them off', () => {
    const faults: History['faults'] = [{ process: 'transactions', kind: 'kill', beganAt: 0, endedAt: 55_000 }]
    const actions: History['actions'] = [{ orderId: late.id, name: 'answers late', beganAt: 0, endedAt: 5_000 }]

    expect(find(late, { faults, actions })).toEqual([])
    expect(find({ ...late, finalAt: 105_001 }, { faults, actions })).toEqual(['AAAAA-AAAAA became final after 30.0 s'])
  })

  it('finds what is late, not final, or has work left', () => {
    expect(find(late)).toEqual(['AAAAA-AAAAA became final after 99.0 s'])
    expect(find({ ...confirmed, state: 'reserved', finalAt: undefined })).toEqual(['AAAAA-AAAAA is still reserved'])
    expect(find({ ...cancelled, isWorkLeft: true })).toEqual(['AAAAA-AAAAA is cancelled, and work is left'])
  })
})

describe('oneOpenOrderOfACart', () => {
  const next: OrderRow = { ...confirmed, id: 'BBBBB-BBBBB', placedAt: 6_000, finalAt: 9_000 }
  const find = (...orders: OrderRow[]) => oneOpenOrderOfACart(runOf({ tables: { orders } }))

  it('passes orders one after the other, of other carts, and one that was replaced', () => {
    expect(find(next, confirmed)).toEqual([])
    expect(find(confirmed, { ...next, placedAt: 2_000, cartId: 'reader:2' })).toEqual([])
    expect(find({ ...cancelled, finalAt: 3_000 }, { ...next, placedAt: 2_000 })).toEqual([])
  })

  it('finds two that were open at once, and are both paid', () => {
    expect(find(confirmed, { ...next, placedAt: 2_000 })).toEqual([
      'AAAAA-AAAAA and BBBBB-BBBBB of cart reader:1 were both open, and are both confirmed',
    ])
  })
})
