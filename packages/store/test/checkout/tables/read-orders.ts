import { transactions } from '@books/transactions'
import type { OrderRow, ReceiptRow } from '../checker/tables.ts'
import type { State } from '../history/history.ts'
import type { Snapshot } from '../processes/store-database.ts'
import type { Returned } from './read-stock.ts'

interface TransactionsTables {
  orders: {
    id: string
    key_hash: Buffer
    state: State
    cancel_reason: string | null
    customer: string
    cart_id: string
    promotion: string | null
    is_promotion_returned: boolean
    total_cents: string | number
    refunded_cents: string | number
    placed_at: Date
    final_at: Date | null
    pay_until: Date
    next_step_time: Date | null
  }
  order_lines: {
    order_id: string
    book_id: number
    copies: number
    unit_price_cents: string | number
    discount_cents: string | number
    refunded_copies: number
  }
  outbox: { kind: string; key: string; done_time: Date | null; parked_time: Date | null }
}

// The key of such a job is the order's id.
const receiptKind = 'receipt'

/** Reads the orders, and the receipts that were handed to the outbox. */
export function readOrders(
  snapshot: Snapshot,
  returned: Returned,
): Promise<{ orders: OrderRow[]; receipts: ReceiptRow[] }> {
  return snapshot.read<TransactionsTables, Awaited<ReturnType<typeof readOrders>>>(transactions, async (tables) => {
    const orders = await tables.selectFrom('orders').selectAll().execute()
    const allLines = await tables.selectFrom('order_lines').selectAll().execute()
    const outbox = await tables.selectFrom('outbox').selectAll().execute()
    const linesOf = Map.groupBy(allLines, ({ order_id }) => order_id)
    return {
      orders: orders.map((row) => ({
        ...{ id: row.id, state: row.state, customer: row.customer, cartId: row.cart_id },
        keyHash: Buffer.from(row.key_hash).toString('hex'),
        cancelReason: row.cancel_reason ?? '',
        promotion: row.promotion ?? '',
        isPromotionReturned: row.is_promotion_returned,
        totalCents: Number(row.total_cents),
        refundedCents: Number(row.refunded_cents),
        placedAt: row.placed_at.getTime(),
        finalAt: row.final_at?.getTime(),
        payUntil: row.pay_until.getTime(),
        isWorkLeft: row.next_step_time !== null,
        returned: returned.get(row.id) ?? [],
        lines: (linesOf.get(row.id) ?? []).map((line) => ({
          ...{ bookId: line.book_id, copies: line.copies, refundedCopies: line.refunded_copies },
          unitPriceCents: Number(line.unit_price_cents),
          discountCents: Number(line.discount_cents),
        })),
      })),
      receipts: outbox
        .filter(({ kind }) => kind === receiptKind)
        .map(({ key, done_time, parked_time }) => ({
          orderId: key,
          state: parked_time ? 'parked' : done_time ? 'done' : 'waiting',
        })),
    }
  })
}
