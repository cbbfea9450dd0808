import { request } from 'undici'
import { connectionError } from './connection-error.ts'
import { StaleAnswerError } from './once-for-key.ts'
import { PaymentError } from './payment-provider.ts'

/** A payment as the sandbox answers it. */
export interface SandboxPayment {
  id: string
  state: 'open' | 'authorized' | 'captured' | 'declined' | 'cancelled'
  amount_cents: number
  refunded_cents: number
  currency: string
  url: string | null
}

/** The API of the sandbox. */
export interface SandboxApi {
  get<Answer>(path: string, signal: AbortSignal): Promise<Answer>
  /** Fails with a StaleAnswerError where the state of the payment rules it out. */
  post(path: string, request: { key: string; body: object; signal: AbortSignal }): Promise<SandboxPayment>
}

interface CallOptions {
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  signal: AbortSignal
}

/** Calls the API of the sandbox at `url` with its bearer key. */
export function createSandboxApi({ url, key }: { url: string; key: string }): SandboxApi {
  const authorization = `Bearer ${key}`

  async function call<Answer>(path: string, options: CallOptions): Promise<Answer> {
    const hasEffect = options.method === 'POST'
    try {
      // Not the built-in `fetch`, which takes twice the CPU time.
      const { statusCode, body } = await request(`${url}${path}`, options)
      // It may break off, too.
      const text = await body.text()
      if (statusCode !== 200) throw answerError(statusCode, text, { hasEffect })
      return JSON.parse(text) as Answer
    } catch (error) {
      if (error instanceof PaymentError || error instanceof StaleAnswerError) throw error
      throw connectionError(error, { hasEffect })
    }
  }

  return {
    get: (path, signal) => call(path, { method: 'GET', headers: { authorization }, signal }),
    post: (path, { key: idempotencyKey, body, signal }) =>
      call(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        body: JSON.stringify(body),
        signal,
      }),
  }
}

// A key that is wrong is a fault of the deployment, which ends; no order is to be lost by it.
const busy = [401, 403, 409, 429]

function answerError(status: number, text: string, { hasEffect }: { hasEffect: boolean }): Error {
  const { code = '', message = '' } = readError(text)
  const reason = `the payment provider answered ${status} ${code} ${message}`.trim()
  if (code === 'unexpected_state') return new StaleAnswerError(reason)
  if (busy.includes(status)) return new PaymentError('busy', reason)
  if (status < 400 || status >= 500) return new PaymentError(hasEffect ? 'unknown' : 'busy', reason)
  return new PaymentError('rejected', reason)
}

function readError(text: string): { code?: string; message?: string } {
  try {
    return (JSON.parse(text) as { error?: { code?: string; message?: string } }).error ?? {}
  } catch {
    return {}
  }
}
