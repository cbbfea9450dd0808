import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import type { Static } from 'typebox'
import { changePayment, startPayment } from '../payments/change-payment.ts'
import { type Change, cancel, capture, type Payment, paymentAt, refund } from '../payments/payment.ts'
import { paymentJsonOf } from '../payments/payment-json.ts'
import { findPayment, listPayments, takeDisturbance } from '../payments/payment-store.ts'
import type { SandboxDeps } from '../sandbox-deps.ts'
import type { Tables } from '../tables.ts'
import { ApiError } from './api-error.ts'
import { authenticate } from './authenticate.ts'
import { createDisturber } from './disturb.ts'
import { createKeptAnswers, type KeptAnswer } from './kept-answers.ts'
import { emptyBody, listQuery, newPaymentBody, readNewPayment, refundBody } from './requests.ts'

const mostListed = 100

interface ById {
  Params: { id: string }
}
type Operation = (transaction: Transaction<Tables>) => Promise<Payment>

/** The API: payments are begun, looked up, captured, cancelled and refunded. */
export function paymentRoutes(deps: SandboxDeps) {
  const { tables, key, now, pageOrigin, wakeOutbox, requestsAtATime } = deps
  const keptAnswers = createKeptAnswers(tables, now)
  const disturb = createDisturber(deps)
  const jsonOf = (payment: Payment) => paymentJsonOf(paymentAt(payment, now()), pageOrigin())
  let underWay = 0

  async function answerOnce(
    request: FastifyRequest,
    reply: FastifyReply,
    name: string,
    operation: Operation,
  ): Promise<unknown> {
    const idempotencyKey = readKey(request)
    const release = keptAnswers.hold(idempotencyKey)
    try {
      const { method, url: path, body } = request
      const make = async (transaction: Transaction<Tables>) => jsonOf(await operation(transaction))
      const answer = await keptAnswers.answer({ key: idempotencyKey, method, path, body }, make)
      wakeOutbox()
      return await send(request, reply, name, answer)
    } finally {
      release()
    }
  }

  async function send(request: FastifyRequest, reply: FastifyReply, name: string, answer: KeptAnswer) {
    const { id } = JSON.parse(answer.body)
    const about = (request.params as { id?: string }).id ?? id
    if (!(await disturb(reply, await takeDisturbance(tables, about ?? '', name)))) return reply
    if (answer.isReplayed) reply.header('idempotent-replayed', 'true')
    return reply.code(answer.status).type('application/json; charset=utf-8').send(answer.body)
  }

  const change = (
    request: FastifyRequest<ById>,
    reply: FastifyReply,
    name: string,
    rule: (payment: Payment) => Change,
  ) =>
    answerOnce(request, reply, name, async (transaction) => {
      return (await changePayment(transaction, request.params.id, rule, { now: now() })).payment
    })

  return async (app: FastifyInstance) => {
    app.addHook('onRequest', authenticate(key))
    app.addHook('onRequest', async (_request, { raw }) => {
      if (underWay >= requestsAtATime) throw new ApiError(429, 'rate_limited', 'too many requests at a time')
      underWay += 1
      raw.once('close', () => underWay--)
    })

    app.post<{ Body: Static<typeof newPaymentBody> }>(
      '/v1/payments',
      { schema: { body: newPaymentBody } },
      (request, reply) =>
        // Within, as a payment that was begun in time is answered again later.
        answerOnce(request, reply, 'start', async (transaction) =>
          startPayment(transaction, readNewPayment(request.body, now())),
        ),
    )

    app.get<{ Querystring: Static<typeof listQuery> }>(
      '/v1/payments',
      { schema: { querystring: listQuery } },
      async ({ query }) => {
        const payments = await listPayments(tables, { orderId: query.order_id, limit: mostListed })
        return { payments: payments.map(jsonOf) }
      },
    )

    app.get<ById>('/v1/payments/:id', async ({ params: { id } }, reply) => {
      const payment = await findPayment(tables, id)
      if (!payment) throw new ApiError(404, 'not_found', 'there is no such payment')
      return (await disturb(reply, await takeDisturbance(tables, id, 'find'))) ? jsonOf(payment) : reply
    })

    app.post<ById>('/v1/payments/:id/capture', { schema: { body: emptyBody } }, (request, reply) =>
      change(request, reply, 'capture', capture),
    )

    app.post<ById>('/v1/payments/:id/cancel', { schema: { body: emptyBody } }, (request, reply) =>
      change(request, reply, 'cancel', cancel),
    )

    app.post<ById & { Body: Static<typeof refundBody> }>(
      '/v1/payments/:id/refund',
      { schema: { body: refundBody } },
      (request, reply) => change(request, reply, 'refund', (payment) => refund(payment, request.body.amount_cents)),
    )
  }
}

function readKey({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key']
  if (typeof key === 'string' && /^[\x20-\x7e]{1,255}$/.test(key)) return key
  throw new ApiError(400, 'invalid_request', 'the header Idempotency-Key must have 1 to 255 printable ASCII characters')
}
