import type { Stripe } from 'stripe'
import { connectionError } from './connection-error.ts'
import { StaleAnswerError } from './once-for-key.ts'
import { PaymentError } from './payment-provider.ts'

/** What a request does. */
export interface RequestFacts {
  /** Whether it changes something. */
  hasEffect: boolean
  /** Whether Stripe refuses it where the state of the payment rules it out. */
  needsState?: boolean
}

type StripeError = Stripe.errors.StripeError

// A key that is wrong is a fault of the deployment, which ends; no order is to be lost by it.
const busy = [401, 403, 409, 429]

/** What an error of Stripe's library means to an order. */
export function readStripeError(error: unknown, { hasEffect, needsState = false }: RequestFacts): Error {
  const { type = '', statusCode: status, code, param, requestId, detail, headers } = error as Partial<StripeError>
  if (!type.startsWith('Stripe') || status === undefined) return connectionError(detail ?? error, { hasEffect })
  // Not its text, which may repeat what the customer entered.
  const reason = ['Stripe answered', status, code, param, requestId].filter(Boolean).join(' ')
  if (busy.includes(status)) return new PaymentError('busy', reason)
  if (status === 402) return new PaymentError('declined', reason)
  if (status >= 500) {
    if (headers?.['idempotent-replayed'] === 'true') return new StaleAnswerError(reason)
    return new PaymentError(hasEffect ? 'unknown' : 'busy', reason)
  }
  const isState = needsState && status === 400 && type === 'StripeInvalidRequestError'
  return isState ? new StaleAnswerError(reason) : new PaymentError('rejected', reason)
}
