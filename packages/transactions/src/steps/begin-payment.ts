import type { Order } from '../orders/order.ts'
import type { Payment } from '../payments/payment-provider.ts'
import type { StepContext } from './step-context.ts'

/** A provider forgets keys after a day (Stripe), and then begins another payment. */
export const keyMs = 23 * 60 * 60_000

// A page may be open for half an hour at least (Stripe). It closes by itself only after the order was cancelled, which closes it.
const shortestPageMs = 30 * 60_000
const pageAfterPayUntilMs = 10 * 60_000

/**
 * Begins the payment of an order, or answers the one that was begun before: the key is always the same. Once that is too old, the
 * payment is looked up, and never begun again; undefined where there is none.
 */
export async function beginPayment(
  order: Order,
  { payments, now, signal }: Pick<StepContext, 'payments' | 'now' | 'signal'>,
): Promise<Payment | undefined> {
  const begun = order.payment_begun_at
  if (!begun) throw new TypeError('the key of the payment was not stored')
  if (now().getTime() - begun.getTime() > keyMs) return payments.findByOrder(order.id, signal)
  const payUntilMs = Math.max(order.pay_until.getTime(), order.placed_at.getTime() + shortestPageMs)
  const payment = {
    orderId: order.id,
    amountCents: Number(order.total_cents),
    currency: order.currency,
    email: order.email ?? '',
    returnUrl: returnUrlOf(order),
    expiresAt: new Date(payUntilMs + pageAfterPayUntilMs),
    description: `Books, order ${order.id}`,
  }
  return payments.start(`${order.id}:start:1`, payment, signal)
}

function returnUrlOf({ return_url, id, secret }: Order): string {
  const url = new URL(`${return_url}/${id}`)
  if (secret) url.searchParams.set('secret', secret)
  return url.href
}
