import { type PlacedOrder, see } from './placed-order.ts'
import { failureOf, type Shop, untilKnown } from './shop.ts'

/** Cancels an order; one that is paid is not. */
export async function cancelOrder(shop: Shop, order: PlacedOrder): Promise<void> {
  const beganAt = Date.now()
  try {
    const { order: answer } = await untilKnown(() =>
      shop.transactions.cancelOrder({ orderId: order.id, owner: order.owner }),
    )
    see(shop, order, answer, beganAt)
  } catch (error) {
    const { code, reason } = failureOf(error)
    if (reason !== 'TOO_LATE') shop.history.surprises.push(`CancelOrder was answered by ${code} ${reason}`)
  }
  shop.history.actions.push({ orderId: order.id, name: 'cancel', beganAt, endedAt: Date.now() })
}
