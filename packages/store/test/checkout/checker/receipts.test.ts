import { describe, expect, it } from '@jest/globals'
import { oneReceiptWhereConfirmed, receiptsArrive } from './receipts.ts'
import { cancelled, confirmed, runOf } from './run.fixture.ts'
import type { OrderRow, ReceiptRow } from './tables.ts'

const { id: orderId } = confirmed
const runWith = (order: OrderRow, states: ReceiptRow['state'][], messageIds: string[] = []) =>
  runOf({
    history: { receipts: messageIds.map((messageId) => ({ orderId, messageId })) },
    tables: { orders: [order], receipts: states.map((state) => ({ orderId, state })) },
  })

describe('oneReceiptWhereConfirmed', () => {
  it('passes one receipt of a confirmed order, and none of a cancelled one', () => {
    expect(oneReceiptWhereConfirmed(runWith(confirmed, ['waiting']))).toEqual([])
    expect(oneReceiptWhereConfirmed(runWith(cancelled, []))).toEqual([])
  })

  it('finds a confirmed order without a receipt, or with two, and a receipt of another', () => {
    const find = (...[order, states]: Parameters<typeof runWith>) => oneReceiptWhereConfirmed(runWith(order, states))
    expect(find(confirmed, [])).toEqual(['AAAAA-AAAAA is confirmed, and has 0 receipts'])
    expect(find(confirmed, ['done', 'done'])).toHaveLength(1)
    expect(find(cancelled, ['done'])).toEqual(['AAAAA-AAAAA is cancelled, and has 1 receipts'])
  })
})

describe('receiptsArrive', () => {
  it('passes one receipt of a confirmed order, also where it arrived twice', () => {
    expect(receiptsArrive(runWith(confirmed, ['done'], ['<1>', '<1>']))).toEqual([])
    expect(receiptsArrive(runWith(cancelled, [], []))).toEqual([])
  })

  it('finds a confirmed order without a mail, or with two', () => {
    const text = (mails: number) => [`AAAAA-AAAAA is confirmed, and ${mails} receipts arrived`]
    expect(receiptsArrive(runWith(confirmed, ['done']))).toEqual(text(0))
    expect(receiptsArrive(runWith(confirmed, ['done'], ['<1>', '<2>']))).toEqual(text(2))
  })

  it('finds a receipt that was not sent', () => {
    expect(receiptsArrive(runWith(confirmed, ['parked'], ['<1>']))).toEqual(['the receipt of AAAAA-AAAAA is parked'])
  })

  it('finds a receipt of a cancelled order, and of what is no order', () => {
    expect(receiptsArrive(runWith(cancelled, [], ['<1>']))).toEqual([
      'AAAAA-AAAAA is cancelled, and 1 receipts arrived',
    ])
    expect(receiptsArrive(runWith({ ...confirmed, id: 'BBBBB-BBBBB' }, [], ['<1>']))).toContain(
      'AAAAA-AAAAA is no order, and 1 receipts arrived',
    )
  })
})
