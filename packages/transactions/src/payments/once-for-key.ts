import { type Payment, PaymentError } from './payment-provider.ts'

/**
 * A provider's answer that says nothing of the payment as it is now: a failure that was kept under a key, or a state that ruled the
 * operation out.
 */
export class StaleAnswerError extends Error {}

// Under each the provider may have kept a failure.
const suffixes = ['', ':2', ':3']

/**
 * Makes an operation under a key. Where that answers a kept failure, the payment is looked at: `look` resolves to the payment where the
 * operation had its effect, to undefined where it may be made under another key, and rejects where it may not.
 */
export async function onceForKey(
  key: string,
  attempt: (key: string) => Promise<Payment>,
  look: () => Promise<Payment | undefined>,
): Promise<Payment> {
  for (const suffix of suffixes) {
    try {
      return await attempt(key + suffix)
    } catch (error) {
      if (!(error instanceof StaleAnswerError)) throw error
      const done = await look()
      if (done) return done
    }
  }
  throw new PaymentError('unknown', 'the payment provider fails again and again')
}

/** What `onceForKey` needs to know of a capture. */
export function lookForCapture(payment: Payment): Payment | undefined {
  if (payment.state === 'captured') return payment
  if (payment.state === 'authorized') return undefined
  const kind = payment.state === 'open' ? 'rejected' : 'declined'
  throw new PaymentError(kind, `a payment that is ${payment.state} cannot be captured`)
}

/** What `onceForKey` needs to know of a cancellation. */
export function lookForCancellation(payment: Payment): Payment | undefined {
  return payment.state === 'open' || payment.state === 'authorized' ? undefined : payment
}
