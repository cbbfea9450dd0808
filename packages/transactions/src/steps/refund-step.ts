import { StockReason } from '@books/proto'
import type { Order } from '../orders/order.ts'
import { keyMs } from './begin-payment.ts'
import type { Refund, RefundStore } from './refund-store.ts'
import { callMs, kindOf, requirePayment, type StepContext } from './step-context.ts'
import type { StepResult } from './step-store.ts'

type RefundContext = StepContext & { refunds: RefundStore }

/** Makes the oldest refund of a confirmed order: the money first, then the copies, where they can be sold again. */
export async function refundStep(order: Order, context: RefundContext): Promise<StepResult> {
  const { refunds, stock, signal } = context
  const pending = await refunds.findPending(order.id)
  if (!pending) return { wait: 'never' }
  const { refund, doneCents } = pending
  try {
    await giveBack(order, refund, doneCents, context)
  } catch (error) {
    const kind = kindOf(error)
    if (kind !== 'declined' && kind !== 'rejected') throw error
    await refunds.refuse(refund)
    return {}
  }
  for (const { bookId, copies } of refund.is_restocked ? refund.lines : []) {
    const key = `${order.id}:refund:${refund.number}:${bookId}`
    const request = { key, bookId, delta: copies, reason: StockReason.STOCK_REASON_RETURNED }
    await stock.adjustStock(request, { signal, deadlineMs: callMs })
  }
  await refunds.finish(refund)
  return {}
}

async function giveBack(
  order: Order,
  refund: Refund,
  doneCents: number,
  { payments, refunds, now, signal }: RefundContext,
): Promise<void> {
  const paymentId = requirePayment(order)
  const amountCents = Number(refund.amount_cents)
  // A copy that the promotion made free.
  if (amountCents === 0) return
  let key = refund.payment_key
  if (now().getTime() - refund.payment_key_time.getTime() > keyMs) {
    // The provider has forgotten the key, and would make the refund again.
    const { refundedCents } = await payments.find(paymentId, signal)
    if (refundedCents >= doneCents + amountCents) return
    key = `${order.id}:refund:${refund.number}:${now().getTime()}`
    await refunds.setPaymentKey(refund, key, now())
  }
  await payments.refund(key, paymentId, amountCents, signal)
}
