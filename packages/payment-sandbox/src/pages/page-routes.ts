import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import { ApiError } from '../api/api-error.ts'
import { type Payment, paymentAt } from '../payments/payment.ts'
import { findPayment, listPayments } from '../payments/payment-store.ts'
import type { SandboxDeps } from '../sandbox-deps.ts'
import { setFormTarget } from '../security-headers.ts'
import { chooseOutcome } from './choose-outcome.ts'
import { outcomes } from './outcomes.ts'
import { listPage, paymentPage } from './pages.ts'

const mostListed = 100

const outcomeBody = Type.Object({ outcome: Type.Enum(outcomes.map(({ value }) => value)) })

interface ById {
  Params: { id: string }
}

/** The pages for people: the payments, the page on which one is paid, and the one that asks for confirmation. */
export function pageRoutes(deps: SandboxDeps) {
  const { tables, now } = deps

  async function requirePayment(id: string): Promise<Payment> {
    const payment = await findPayment(tables, id)
    if (!payment) throw new ApiError(404, 'not_found', 'There is no such payment.')
    return paymentAt(payment, now())
  }

  return async (app: FastifyInstance) => {
    await app.register(formbody, { bodyLimit: 1_000 })

    app.get('/', async (_request, reply) => {
      const payments = await listPayments(tables, { limit: mostListed })
      return reply.viewAsync('list.hbs', listPage(payments.map((payment) => paymentAt(payment, now()))))
    })

    app.get<ById>('/pay/:id', async ({ params }, reply) =>
      showPayment(reply, await requirePayment(params.id), { isConfirmation: false }),
    )

    app.get<ById>('/pay/:id/confirm', async ({ params }, reply) =>
      showPayment(reply, await requirePayment(params.id), { isConfirmation: true }),
    )

    app.post<ById & { Body: Static<typeof outcomeBody> }>(
      '/pay/:id',
      { schema: { body: outcomeBody } },
      async ({ params: { id }, body: { outcome } }, reply) => {
        const { returnUrl } = await requirePayment(id)
        if (outcome === 'confirm') return reply.redirect(`/pay/${id}/confirm`, 303)
        await chooseOutcome(deps, id, outcome)
        return reply.redirect(returnUrl, 303)
      },
    )
  }
}

function showPayment(reply: FastifyReply, payment: Payment, options: { isConfirmation: boolean }) {
  setFormTarget(reply, payment.returnUrl)
  return reply.viewAsync('payment.hbs', paymentPage(payment, options))
}
