import { createHmac, timingSafeEqual } from 'node:crypto'
import { PaymentError, type PaymentEvent } from './payment-provider.ts'

// As Stripe's own library has it.
const toleranceSeconds = 300

interface SandboxEvent {
  id: string
  payment: { id: string; order_id: string }
}

/** Reads an event of the sandbox. Fails unless it was signed with the key, within five minutes. */
export function readSandboxEvent(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  { key, now }: { key: string; now: () => Date },
): PaymentEvent {
  const [, seconds = '', signature = ''] =
    /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(headers['sandbox-signature'] ?? '') ?? []
  const expected = createHmac('sha256', key).update(`${seconds}.`).update(body).digest()
  const isSigned = signature !== '' && timingSafeEqual(Buffer.from(signature, 'hex'), expected)
  if (!isSigned) throw new PaymentError('rejected', 'the signature of the event is wrong')
  if (Math.abs(now().getTime() / 1_000 - Number(seconds)) > toleranceSeconds) {
    throw new PaymentError('rejected', 'the signature of the event is old')
  }
  const { id, payment } = JSON.parse(Buffer.from(body).toString()) as SandboxEvent
  return { id, orderId: payment.order_id, paymentId: payment.id }
}
