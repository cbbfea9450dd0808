import { describe, expect, it } from '@jest/globals'
import { oneReceiptWhereConfirmed } from './receipts.ts'
import { cancelled, confirmed, runOf } from './run.fixture.ts'
import type { OrderRow, ReceiptRow } from './tables.ts'

const { id: orderId } = confirmed
const find = (order: OrderRow, states: ReceiptRow['state'][], messageIds: string[]) =>
  oneReceiptWhereConfirmed(
    runOf({
      history: { receipts: messageIds.map((messageId) => ({ orderId, messageId })) },
      tables: { orders: [order], receipts: states.map((state) => ({ orderId, state })) },
    }),
  )

describe('oneReceiptWhereConfirmed', () => {
  it('passes one receipt of a confirmed order, also where it arrived twice', () => {
    expect(find(confirmed, ['done'], ['<1>', '<1>'])).toEqual([])
    expect(find(cancelled, [], [])).toEqual([])
  })

  it('finds a confirmed order without a receipt, or with two', () => {
    expect(find(confirmed, [], [])).toEqual([
      'AAAAA-AAAAA is confirmed, and has 0 receipts',
      'AAAAA-AAAAA is confirmed, and 0 receipts arrived',
    ])
    expect(find(confirmed, ['done'], ['<1>', '<2>'])).toEqual(['AAAAA-AAAAA is confirmed, and 2 receipts arrived'])
  })

  it('finds a receipt that was not sent', () => {
    expect(find(confirmed, ['parked'], ['<1>'])).toEqual(['the receipt of AAAAA-AAAAA is parked'])
  })

  it('finds a receipt of a cancelled order, and of what is no order', () => {
    expect(find(cancelled, [], ['<1>'])).toEqual(['AAAAA-AAAAA is cancelled, and 1 receipts arrived'])
    expect(find({ ...confirmed, id: 'BBBBB-BBBBB' }, [], ['<1>'])).toContain(
      'AAAAA-AAAAA is no order, and 1 receipts arrived',
    )
  })
})
