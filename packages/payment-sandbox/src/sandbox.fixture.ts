import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Database } from '@books/runtime'
import { createErrorLog, openMemoryDatabase } from '@books/runtime/testing'
import { readServiceSettings, startService } from '@books/service'
import type { PaymentJson } from './payments/payment-json.ts'
import { paymentSandbox } from './service.ts'

export const key = 'a key of the tests of the sandbox'

/** An event as the shop receives it. */
export interface ReceivedEvent {
  headers: Readonly<Record<string, unknown>>
  body: string
}

/** A shop that only takes events. */
export interface TestShop extends AsyncDisposable {
  url: string
  events: ReceivedEvent[]
  /** Resolves to the events once there are so many. */
  receives(count: number): Promise<ReceivedEvent[]>
}

/** Serves a shop; `answer` has the status for each event in turn, 200 without it. */
export async function serveShop(answer: (nth: number) => number | Promise<number> = () => 200): Promise<TestShop> {
  const events: ReceivedEvent[] = []
  const waiting = new Set<() => void>()
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    events.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
    for (const look of waiting) look()
    response.writeHead(await answer(events.length)).end()
  }
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    receives: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (events.length >= count) resolve(events.slice(0, count))
        }
        waiting.add(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An answer of the API. */
export interface Answer {
  status: number
  headers: Headers
  body: PaymentJson & { error?: { code: string; message: string }; payments?: PaymentJson[] }
}

/** The sandbox under test. */
export interface Sandbox extends AsyncDisposable {
  url: string
  shop: TestShop
  errors: unknown[]
  get(path: string): Promise<Answer>
  post(path: string, body: object, idempotencyKey: string): Promise<Answer>
  /** Begins a payment of 23.97 euros. */
  start(change?: Readonly<Record<string, unknown>>, idempotencyKey?: string): Promise<Answer>
  /** Sends the form of a payment's page. */
  choose(payment: { id: string }, outcome: string): Promise<Response>
}

let keys = 0
/** An idempotency key that no other request has. */
export const newKey = () => `key ${++keys}`

/** Starts the sandbox, whose data are in memory unless a database is given. */
export async function startSandbox(
  env: Record<string, string> = {},
  { shop, database }: { shop?: TestShop; database?: Database } = {},
): Promise<Sandbox> {
  await using opened = new AsyncDisposableStack()
  const ownShop = shop ?? opened.use(await serveShop())
  const { log, errors } = createErrorLog()
  const variables = { HOST: '127.0.0.1', PORT: '0', PAYMENT_SANDBOX_KEY: key, PUBLIC_URL: ownShop.url, ...env }
  const settings = readServiceSettings(paymentSandbox, variables)
  const deps = { settings, log, database: database ?? opened.use(await openMemoryDatabase()) }
  const { port } = opened.use(await startService(paymentSandbox, deps))
  const url = `http://127.0.0.1:${port}`
  const authorization = `Bearer ${key}`

  async function call(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${url}${path}`, init)
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
  }
  const post: Sandbox['post'] = (path, body, idempotencyKey) =>
    call(path, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(body),
    })

  const running = opened.move()
  return {
    ...{ url, shop: ownShop, errors, post },
    get: (path) => call(path, { headers: { authorization } }),
    start: (change, idempotencyKey = newKey()) => post('/v1/payments', newPayment(change), idempotencyKey),
    choose: ({ id }, outcome) =>
      fetch(`${url}/pay/${id}`, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** The body that begins a payment. */
export function newPayment(change: Readonly<Record<string, unknown>> = {}) {
  return {
    order_id: '7K3QD-9MX2T',
    amount_cents: 2_397,
    currency: 'EUR',
    email: 'ada@example.org',
    description: 'Three books',
    return_url: 'http://localhost:5000/orders/7K3QD-9MX2T',
    expires_at: new Date(Date.now() + 30 * 60_000).toISOString(),
    ...change,
  }
}
