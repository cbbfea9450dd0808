import { methodMs } from './connection-error.ts'
import { lookForCancellation, lookForCapture, onceForKey, StaleAnswerError } from './once-for-key.ts'
import { type Payment, PaymentError, type PaymentProvider } from './payment-provider.ts'
import { createSandboxApi, type SandboxPayment } from './sandbox-api.ts'
import { readSandboxEvent } from './sandbox-event.ts'

/** Where the sandbox is, and the key that it shares with its callers. */
export interface SandboxOptions {
  /** Its origin. */
  url: string
  key: string
  now: () => Date
  /** How long a method takes at most. */
  timeoutMs?: number
}

/** Payments by the sandbox of `@books/payment-sandbox`. */
export function createSandboxProvider({ url, key, now, timeoutMs = methodMs }: SandboxOptions): PaymentProvider {
  const api = createSandboxApi({ url, key })
  const endOf = (signal: AbortSignal | undefined) =>
    AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
  const pathOf = (paymentId: string) => `/v1/payments/${encodeURIComponent(paymentId)}`

  async function find(paymentId: string, signal: AbortSignal): Promise<Payment> {
    return paymentOf(await api.get<SandboxPayment>(pathOf(paymentId), signal))
  }

  /** Posts under the key, or under another one where a failure was kept. */
  function change(
    what: 'capture' | 'cancel',
    idempotencyKey: string,
    paymentId: string,
    { look, end }: { look(payment: Payment): Payment | undefined; end: AbortSignal },
  ): Promise<Payment> {
    const post = (each: string) => api.post(`${pathOf(paymentId)}/${what}`, { key: each, body: {}, signal: end })
    return onceForKey(
      idempotencyKey,
      async (each) => paymentOf(await post(each)),
      async () => look(await find(paymentId, end)),
    )
  }

  return {
    async start(idempotencyKey, payment, signal) {
      const body = {
        order_id: payment.orderId,
        amount_cents: payment.amountCents,
        currency: payment.currency,
        email: payment.email,
        description: payment.description,
        return_url: payment.returnUrl,
        expires_at: payment.expiresAt.toISOString(),
      }
      return paymentOf(await api.post('/v1/payments', { key: idempotencyKey, body, signal: endOf(signal) }))
    },

    find: (paymentId, signal) => find(paymentId, endOf(signal)),

    async findByOrder(orderId, signal) {
      const path = `/v1/payments?order_id=${encodeURIComponent(orderId)}`
      const { payments } = await api.get<{ payments: SandboxPayment[] }>(path, endOf(signal))
      return payments[0] && paymentOf(payments[0])
    },

    capture: (idempotencyKey, paymentId, signal) =>
      change('capture', idempotencyKey, paymentId, { look: lookForCapture, end: endOf(signal) }),

    cancel: (idempotencyKey, paymentId, signal) =>
      change('cancel', idempotencyKey, paymentId, { look: lookForCancellation, end: endOf(signal) }),

    async refund(idempotencyKey, paymentId, amountCents, signal) {
      const request = { key: idempotencyKey, body: { amount_cents: amountCents }, signal: endOf(signal) }
      try {
        return paymentOf(await api.post(`${pathOf(paymentId)}/refund`, request))
      } catch (error) {
        throw error instanceof StaleAnswerError ? new PaymentError('rejected', error.message) : error
      }
    },

    readEvent: async (body, headers) => readSandboxEvent(body, headers, { key, now }),
  }
}

function paymentOf({ id, state, amount_cents, refunded_cents, currency, url }: SandboxPayment): Payment {
  return {
    ...{ id, state, currency },
    amountCents: amount_cents,
    refundedCents: refunded_cents,
    redirectUrl: url ?? undefined,
  }
}
