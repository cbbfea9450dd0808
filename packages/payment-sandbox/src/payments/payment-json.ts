import type { Payment } from './payment.ts'

/** A payment as the API answers it. */
export interface PaymentJson {
  id: string
  order_id: string
  state: Payment['state']
  amount_cents: number
  refunded_cents: number
  currency: string
  /** The page on which it is paid, while it is open. */
  url: string | null
  created_at: string
  expires_at: string
}

/** A payment for the API; `pageOrigin` is that of its page. */
export function paymentJsonOf(payment: Payment, pageOrigin: string): PaymentJson {
  return {
    id: payment.id,
    order_id: payment.orderId,
    state: payment.state,
    amount_cents: payment.amountCents,
    refunded_cents: payment.refundedCents,
    currency: payment.currency,
    url: payment.state === 'open' ? `${pageOrigin}/pay/${payment.id}` : null,
    created_at: payment.createdAt.toISOString(),
    expires_at: payment.expiresAt.toISOString(),
  }
}
