import { type StockReason, StockReason as StockReasons } from '@books/proto'
import type { Order } from '../orders/order.ts'
import type { Payment } from '../payments/payment-provider.ts'
import { beginPayment } from './begin-payment.ts'
import { callMs, kindOf, reasonOf, type StepContext } from './step-context.ts'
import type { StepResult } from './step-store.ts'

const returned: StockReason = StockReasons.STOCK_REASON_RETURNED
/** Undoes what a cancelled order had done: its copies are free again, and the customer has the money. */
export async function undo(order: Order, context: StepContext): Promise<StepResult> {
  await freeCopies(order, context)
  const isRefunded = await endPayment(order, context)
  return { wait: 'never', set: isRefunded ? { refunded_cents: Number(order.total_cents) } : {} }
}

async function freeCopies(order: Order, { stock, listLines, signal }: StepContext): Promise<void> {
  const options = { signal, deadlineMs: callMs }
  try {
    // Also where none are held: a reservation that is still on its way is refused then.
    await stock.releaseReservation({ orderId: order.id }, options)
  } catch (error) {
    if (reasonOf(error) !== 'RESERVATION_COMMITTED') throw error
    for (const { bookId, copies } of await listLines(order)) {
      const key = `${order.id}:returned:${bookId}`
      await stock.adjustStock({ key, bookId, delta: copies, reason: returned }, options)
    }
  }
}

/** Whether the amount had been captured, and was given back. */
async function endPayment(order: Order, context: StepContext): Promise<boolean> {
  const { payments, signal } = context
  const payment = await findPayment(order, context)
  if (!payment) return false
  const { id, state, refundedCents } = await payments.cancel(`${order.id}:cancel`, payment.id, signal)
  if (state !== 'captured') return false
  if (refundedCents === 0) await payments.refund(`${order.id}:cancelled`, id, Number(order.total_cents), signal)
  return true
}

async function findPayment(order: Order, context: StepContext): Promise<Pick<Payment, 'id'> | undefined> {
  if (order.payment_id) return { id: order.payment_id }
  if (!order.payment_begun_at) return undefined
  try {
    // The one that may have been begun, whatever was answered; it is begun now where it was not, so that none can be begun later.
    return await beginPayment(order, context)
  } catch (error) {
    const kind = kindOf(error)
    if (kind === 'declined') return undefined
    if (kind === 'rejected') return context.payments.findByOrder(order.id, context.signal)
    throw error
  }
}
