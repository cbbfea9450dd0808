import { type Static, Type } from 'typebox'
import { newId } from '../payments/new-id.ts'
import type { Payment } from '../payments/payment.ts'
import { ApiError } from './api-error.ts'

const amount = Type.Integer({ minimum: 1, maximum: 100_000_000 })
const dayMs = 24 * 60 * 60_000

/** The body that begins a payment. */
export const newPaymentBody = Type.Object(
  {
    order_id: Type.String({ minLength: 1, maxLength: 100 }),
    amount_cents: amount,
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    email: Type.String({ minLength: 1, maxLength: 320 }),
    description: Type.String({ maxLength: 500 }),
    return_url: Type.String({ pattern: '^https?://', maxLength: 2_000 }),
    expires_at: Type.String({ maxLength: 40 }),
  },
  { additionalProperties: false },
)

/** The body of a refund. */
export const refundBody = Type.Object({ amount_cents: amount }, { additionalProperties: false })

/** The body of what needs no more than its path. */
export const emptyBody = Type.Object({}, { additionalProperties: false })

/** The query that lists payments. */
export const listQuery = Type.Object({ order_id: Type.String({ minLength: 1, maxLength: 100 }) })

/** The payment that a body asks for. Fails where a value is none that it could have. */
export function readNewPayment(body: Static<typeof newPaymentBody>, now: Date): Payment {
  const expiresAt = new Date(body.expires_at)
  const lifetimeMs = expiresAt.getTime() - now.getTime()
  if (!(lifetimeMs > 0 && lifetimeMs <= dayMs)) throw invalid('body/expires_at must be a time within the next 24 hours')
  if (!URL.canParse(body.return_url)) throw invalid('body/return_url must be a URL')
  return {
    id: newId('pay'),
    orderId: body.order_id,
    state: 'open',
    amountCents: body.amount_cents,
    refundedCents: 0,
    currency: body.currency,
    email: body.email,
    description: body.description,
    returnUrl: body.return_url,
    createdAt: now,
    expiresAt,
  }
}

function invalid(message: string): ApiError {
  return new ApiError(400, 'invalid_request', message)
}
