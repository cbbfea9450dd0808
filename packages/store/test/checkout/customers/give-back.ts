import type { CheckoutPlan } from './checkout-plan.ts'
import type { Customer } from './customer.ts'
import type { PlacedOrder } from './placed-order.ts'
import { failureOf, type Shop, untilKnown } from './shop.ts'

/** Has a confirmed order refunded as planned, by two calls at once under one key. */
export async function giveBack(
  shop: Shop,
  { random }: Customer,
  order: PlacedOrder,
  plan: CheckoutPlan,
): Promise<void> {
  if (plan.afterwards === 'nothing') return
  const isAll = plan.afterwards === 'gives all back'
  const request = {
    key: `refund-${random.hex(16)}`,
    orderId: order.id,
    lines: isAll ? [] : [{ bookId: order.lines[0]!.bookId, copies: 1 }],
    reason: 'A customer of the test gave it back',
    restock: random.next() < 0.5,
  }
  const refund = async () => {
    const beganAt = Date.now()
    try {
      await untilKnown(() => shop.transactions.refundOrder(request))
      order.isGivenBack ||= isAll
    } catch (error) {
      const { code, reason } = failureOf(error)
      shop.history.surprises.push(`RefundOrder was answered by ${code} ${reason}`)
    }
    shop.history.actions.push({ orderId: order.id, name: 'refund', beganAt, endedAt: Date.now() })
  }
  await Promise.all([refund(), refund()])
}
