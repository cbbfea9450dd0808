import { createHmac } from 'node:crypto'

/** The header with the signature of an event. */
export const signatureHeader = 'sandbox-signature'

/** Signs an event as Stripe does: `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>">`. */
export function signEvent(body: string, key: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1_000)
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`
}
