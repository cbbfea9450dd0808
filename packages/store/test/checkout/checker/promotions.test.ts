import { describe, expect, it } from '@jest/globals'
import { promotionComesBack, promotionOnce } from './promotions.ts'
import { cancelled, confirmed, placingOf, runOf } from './run.fixture.ts'
import type { OrderRow } from './tables.ts'

const promotion = 'buy_two_get_one_free_promo'
const first: OrderRow = { ...confirmed, promotion }
const second: OrderRow = { ...first, id: 'BBBBB-BBBBB' }

describe('promotionOnce', () => {
  const find = (...orders: OrderRow[]) => promotionOnce(runOf({ tables: { orders } }))

  it('passes one order with it, beside others that were cancelled or given back', () => {
    expect(find(first, { ...second, promotion: '' })).toEqual([])
    expect(find(first, { ...cancelled, id: 'BBBBB-BBBBB', promotion })).toEqual([])
    expect(find(first, { ...second, isPromotionReturned: true })).toEqual([])
    expect(find(first, { ...second, customer: 'reader:2' })).toEqual([])
  })

  it('finds a customer who had it twice', () => {
    expect(find(first, second)).toEqual(['reader:1 used the promotion in AAAAA-AAAAA and BBBBB-BBBBB'])
  })

  it('knows customers by what they did, where the store took them for two', () => {
    const orders = [first, { ...second, customer: 'email:Ada@example.com' }]
    const placings = orders.map((order) => placingOf(order, { customer: 'ada' }))

    expect(promotionOnce(runOf({ history: { placings }, tables: { orders } }))).toHaveLength(1)
  })
})

describe('promotionComesBack', () => {
  const refused = placingOf(confirmed, {
    beganAt: 6_000,
    endedAt: 6_010,
    failure: { code: 'ABORTED', reason: 'PROMOTION_USED' },
  })
  const { order: _none, ...placing } = refused
  const find = (order: OrderRow) =>
    promotionComesBack(runOf({ history: { placings: [placing] }, tables: { orders: [order] } }))

  it('passes a refusal while another order uses it, or did so when it was asked for', () => {
    expect(find(first)).toEqual([])
    expect(find({ ...cancelled, promotion, finalAt: 6_005 })).toEqual([])
  })

  it('passes a refusal beside an order of theirs that was not answered', () => {
    const answered = { ...confirmed, id: 'BBBBB-BBBBB', customer: 'email:ada@example.com' }
    const orders = [answered, { ...first, customer: answered.customer }]
    const placings = [placingOf(answered, { customer: 'ada' }), { ...placing, customer: 'ada' }]

    expect(promotionComesBack(runOf({ history: { placings }, tables: { orders } }))).toEqual([])
  })

  it('finds a refusal where no order used it any more, or yet', () => {
    const text = 'reader:1 was refused the promotion at 6000, and no order of theirs used it'

    expect(find({ ...cancelled, promotion, finalAt: 5_000 })).toEqual([text])
    expect(find({ ...first, placedAt: 7_000 })).toEqual([text])
    expect(find({ ...first, customer: 'reader:2' })).toEqual([text])
  })
})
