import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Stripe } from 'stripe'
import { createFakePayments, type FakePayments, StripeFault } from './fake-stripe-payments.fixture.ts'
import type { SentEvent } from './provider-under-test.fixture.ts'

export const secretKey = 'sk_test_of_the_fake'
export const webhookSecret = 'whsec_of_the_fake'

/** A part of Stripe in this process: what is documented of idempotency, and the objects that the adapter uses. */
export interface FakeStripe extends FakePayments, AsyncDisposable {
  url: string
  /** The next POST to a path that ends so fails with a 500, which is kept under its key, before its effect or after it. */
  failNext(path: string, when: 'before' | 'after'): void
  /** Captures of this payment intent run until the fake stops. Resolves once one runs. */
  holdCaptures(sessionId: string): { running: Promise<void> }
  /** The idempotency keys of the POSTs that were executed. */
  readonly executed: readonly string[]
  /** Signs an event about a session, as Stripe does. */
  sign(type: string, sessionId: string): SentEvent
}

interface Kept {
  hash: string
  status: number
  body: string
}

/** Starts a Stripe without payments. */
export async function startFakeStripe(): Promise<FakeStripe> {
  const payments = createFakePayments()
  const kept = new Map<string, Kept>()
  const running = new Set<string>()
  const executed: string[] = []
  const held = new Map<string, () => void>()
  let failure: { path: string; when: 'before' | 'after' } | undefined

  async function answer(request: IncomingMessage, form: URLSearchParams): Promise<[Omit<Kept, 'hash'>, boolean]> {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://stripe')
    if (request.headers.authorization !== `Bearer ${secretKey}`)
      throw new StripeFault(401, { type: 'invalid_request_error', message: 'Invalid API Key provided' })
    if (request.method === 'GET')
      return [{ status: 200, body: JSON.stringify(payments.get(path, searchParams)) }, false]

    const key = String(request.headers['idempotency-key'] ?? '')
    if (key === '' || key.length > 255) throw new Error(`the adapter sends the key ${JSON.stringify(key)}`)
    const hash = createHash('sha256').update(`${path}?${form.toString()}`).digest('hex')
    const before = kept.get(key)
    if (running.has(key))
      throw new StripeFault(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'It is in use' })
    if (before && before.hash !== hash)
      throw new StripeFault(400, {
        type: 'idempotency_error',
        message: 'Keys can only be used with the same parameters',
      })
    if (before) return [before, true]

    // Refused before the endpoint runs, so nothing is kept.
    payments.validate(path, form)
    running.add(key)
    try {
      const result = { hash, ...(await execute(path, form)) }
      kept.set(key, result)
      executed.push(key)
      return [result, false]
    } finally {
      running.delete(key)
    }
  }

  async function execute(path: string, form: URLSearchParams): Promise<Omit<Kept, 'hash'>> {
    const fails = failure && path.endsWith(failure.path) ? failure.when : undefined
    if (fails) failure = undefined
    const error = { status: 500, body: JSON.stringify({ error: { type: 'api_error', message: 'Something broke' } }) }
    if (fails === 'before') return error
    if (path.endsWith('/capture') && held.has(path)) {
      held.get(path)?.()
      await new Promise(() => {})
    }
    try {
      const body = JSON.stringify(payments.post(path, form))
      return fails === 'after' ? error : { status: 200, body }
    } catch (fault) {
      if (!(fault instanceof StripeFault)) throw fault
      return { status: fault.status, body: JSON.stringify({ error: fault.error }) }
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    try {
      const [{ status, body }, isReplayed] = await answer(
        request,
        new URLSearchParams(Buffer.concat(chunks).toString()),
      )
      response.writeHead(status, isReplayed ? { 'idempotent-replayed': 'true' } : {}).end(body)
    } catch (fault) {
      if (!(fault instanceof StripeFault)) response.writeHead(418).end(String(fault))
      else response.writeHead(fault.status).end(JSON.stringify({ error: fault.error }))
    }
  }

  const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { webhooks } = new Stripe(secretKey)
  return {
    ...payments,
    executed,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext(path, when) {
      failure = { path, when }
    },
    holdCaptures(sessionId) {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(`/v1/payment_intents/${payments.intentIdOf(sessionId)}/capture`, resolve)
      return { running: promise }
    },
    sign(type, sessionId) {
      const object = payments.sessionOf(sessionId)
      const id = `evt_${randomBytes(8).toString('hex')}`
      const payload = JSON.stringify({ id, object: 'event', type, data: { object } })
      const signature = webhooks.generateTestHeaderString({ payload, secret: webhookSecret })
      return { body: Buffer.from(payload), headers: { 'stripe-signature': signature } }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
