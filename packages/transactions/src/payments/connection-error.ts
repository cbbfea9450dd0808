import { PaymentError } from './payment-provider.ts'

/** How long a method of a provider takes at most, in milliseconds. */
export const methodMs = 10_000

// The connection was not made, so nothing was sent.
const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** What it means that a request got no answer: of one that changes nothing, that it can be repeated. */
export function connectionError(cause: unknown, { hasEffect }: { hasEffect: boolean }): PaymentError {
  const { code } = (cause ?? {}) as { code?: string }
  const kind = hasEffect && !unsent.includes(code ?? '') ? 'unknown' : 'busy'
  return new PaymentError(kind, `no answer of the payment provider${code ? ` (${code})` : ''}`, { cause })
}
