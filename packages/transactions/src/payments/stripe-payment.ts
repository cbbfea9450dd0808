import type { Stripe } from 'stripe'
import type { Payment, PaymentState } from './payment-provider.ts'

/** What has to be expanded of a Checkout Session to read a payment from it. */
export const expand = ['payment_intent.latest_charge']

/** The payment of a Checkout Session, whose payment intent is expanded. */
export function paymentOf(session: Stripe.Checkout.Session): Payment {
  const intent = intentOf(session)
  const charge = intent?.latest_charge
  const state = stateOf(session)
  return {
    id: session.id,
    state,
    amountCents: session.amount_total ?? 0,
    refundedCents: typeof charge === 'object' && charge !== null ? charge.amount_refunded : 0,
    currency: (session.currency ?? '').toUpperCase(),
    redirectUrl: (state === 'open' && session.url) || undefined,
  }
}

/** The payment intent of a Checkout Session; Stripe makes it when the customer pays. */
export function intentOf({ payment_intent }: Stripe.Checkout.Session): Stripe.PaymentIntent | undefined {
  return typeof payment_intent === 'object' && payment_intent !== null ? payment_intent : undefined
}

function stateOf(session: Stripe.Checkout.Session): PaymentState {
  if (session.status === 'expired') return 'cancelled'
  if (session.status !== 'complete') return 'open'
  switch (intentOf(session)?.status) {
    case 'requires_capture':
      return 'authorized'
    case 'succeeded':
      return 'captured'
    case 'canceled':
      return 'cancelled'
    case 'requires_payment_method':
      return 'declined'
    default:
      // Stripe still waits for the bank.
      return 'open'
  }
}
