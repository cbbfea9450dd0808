import type { Order } from '../orders/order.ts'

const firstRetryMs = 500
const longestRetryMs = 10_000
const firstLookMs = 1_000
const longestLookMs = 60_000

/** After how long a step that failed is made again; it doubles, and differs between orders. `random` is in [0, 1). */
export function retryDelayMsOf({ attempts }: Pick<Order, 'attempts'>, random: number): number {
  return Math.min(firstRetryMs * 2 ** Math.min(attempts, 20), longestRetryMs) * (0.5 + random / 2)
}

/**
 * After how long a payment that is open is looked up again: an eighth of its age, from a second to a minute, and when the time to
 * pay is over.
 */
export function lookDelayMsOf(order: Pick<Order, 'placed_at' | 'pay_until'>, now: Date): number {
  const ageMs = now.getTime() - order.placed_at.getTime()
  const delayMs = Math.min(Math.max(ageMs / 8, firstLookMs), longestLookMs)
  return Math.max(Math.min(delayMs, order.pay_until.getTime() - now.getTime()), 0)
}
