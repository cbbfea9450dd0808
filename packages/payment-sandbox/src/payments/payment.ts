import { ApiError } from '../api/api-error.ts'

/** `open`: the customer may pay. `authorized`: to be captured or cancelled. The others are final. */
export type PaymentState = 'open' | 'authorized' | 'captured' | 'declined' | 'cancelled'

/** How the API answers about a payment: the first answer of each operation is late, or its connection is dropped after the effect. */
export type Answers = 'late' | 'lost'

/** A payment. */
export interface Payment {
  id: string
  orderId: string
  state: PaymentState
  amountCents: number
  refundedCents: number
  currency: string
  email: string
  description: string
  returnUrl: string
  createdAt: Date
  expiresAt: Date
}

/** What an operation changes of a payment. */
export type Change = Partial<Pick<Payment, 'state' | 'refundedCents'>>

/** Takes the amount that was set aside. */
export function capture(payment: Payment): Change {
  requireState(payment, ['authorized'], 'captured')
  return { state: 'captured' }
}

/** Closes the page, or gives up what was set aside. */
export function cancel(payment: Payment): Change {
  requireState(payment, ['open', 'authorized'], 'cancelled')
  return { state: 'cancelled' }
}

/** Gives a part of the amount back. */
export function refund(payment: Payment, amountCents: number): Change {
  requireState(payment, ['captured'], 'refunded')
  const refundedCents = payment.refundedCents + amountCents
  if (refundedCents > payment.amountCents) {
    const leftCents = payment.amountCents - payment.refundedCents
    throw new ApiError(400, 'amount_too_large', `only ${leftCents} of ${payment.amountCents} cents can be refunded`)
  }
  return { refundedCents }
}

function requireState({ state }: Payment, allowed: readonly PaymentState[], done: string): void {
  if (allowed.includes(state)) return
  throw new ApiError(400, 'unexpected_state', `a payment that is ${state} cannot be ${done}`)
}

/** The payment as it is at a time: an open one is cancelled once it has expired. */
export function paymentAt(payment: Payment, now: Date): Payment {
  const hasExpired = payment.state === 'open' && payment.expiresAt <= now
  return hasExpired ? { ...payment, state: 'cancelled' } : payment
}
