import type { Owner } from '@books/proto'
import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { saveFlash } from '../../http/flash-message.ts'
import { findReader } from '../account/session.ts'
import { paths, routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { exportOrders } from './export-orders.ts'
import { findOrder } from './find-order.ts'
import { notCancelledPage, ordersAwayPage } from './messages.ts'
import { orderPage } from './order-page.ts'
import { readOrderSecret } from './order-secret.ts'
import { refreshSeconds } from './order-status.ts'
import { ordersPage } from './orders-page.ts'

const params = Type.Object({ id: Type.String({ pattern: '^[\\w-]{1,40}$' }) })
const secretFields = Type.Object({ secret: Type.Optional(Type.String({ pattern: '^[\\w-]{1,100}$' })) })
const listQuery = Type.Object({ after: Type.String({ default: '', maxLength: 500 }) })

type Params = Static<typeof params>
type SecretFields = Static<typeof secretFields>

// A person waits for what they asked for.
const formCall = { deadlineMs: 6_000 }
const refreshWhenAwaySeconds = 10
const ordersOnPage = 24

/** The pages of orders: of a reader, and of a guest who has the secret of the order's link. */
export function orderRoutes({ transactions, orderPageCall }: Pick<Backends, 'transactions' | 'orderPageCall'>) {
  /** Says that orders cannot be looked up; throws what is another error. */
  function showAway(request: FastifyRequest, reply: FastifyReply, error: unknown, page = ordersAwayPage) {
    if (!(error instanceof RpcError)) throw error
    request.log.warn({ status: Status[error.code] }, 'transactions did not answer a page')
    return showPage(request, reply, 'message.hbs', page)
  }

  return async (app: FastifyInstance) => {
    app.addHook('onRequest', async (_request, reply) => {
      // The URLs of guests have a secret. `no-referrer` would make browsers send forms with `Origin: null`.
      reply.header('cache-control', cacheControl.noStore).header('referrer-policy', 'strict-origin')
    })

    app.get<{ Params: Params; Querystring: SecretFields }>(
      routes.order,
      { schema: { params, querystring: secretFields } },
      async (request, reply) => {
        const { id: orderId } = request.params
        const owner = await findOwner(request, reply, request.query.secret ?? readOrderSecret(request, orderId))
        if (!owner) return reply
        try {
          const order = await findOrder(transactions, { orderId, owner }, orderPageCall)
          const page = orderPage({ order, secret: owner.secret, csrfToken: reply.generateCsrf() })
          if (!page.isFinal) reply.header('refresh', refreshSeconds(order, new Date()))
          return showPage(request, reply, 'order.hbs', page)
        } catch (error) {
          if (error instanceof RpcError && isUnknownOrder(error)) return reply.callNotFound()
          return showAway(request, reply.header('refresh', refreshWhenAwaySeconds), error)
        }
      },
    )

    app.post<{ Params: Params; Body: SecretFields }>(
      routes.cancelOrder,
      { schema: { params, body: secretFields } },
      async (request, reply) => {
        const { id: orderId } = request.params
        const { secret } = request.body
        const owner = await findOwner(request, reply, secret ?? readOrderSecret(request, orderId))
        if (!owner) return reply
        try {
          await transactions.cancelOrder({ orderId, owner }, formCall)
        } catch (error) {
          if (!(error instanceof RpcError)) throw error
          if (isUnknownOrder(error)) return reply.callNotFound()
          if (error.code !== Status.FAILED_PRECONDITION)
            return showAway(request, reply.code(503).header('retry-after', 5), error, notCancelledPage)
          saveFlash(reply, 'It is too late to cancel this order.')
        }
        return reply.redirect(paths.order(orderId, { secret }), 303)
      },
    )

    app.get<{ Querystring: Static<typeof listQuery> }>(
      routes.orders,
      { schema: { querystring: listQuery } },
      async (request, reply) => {
        const reader = await findReader(request, reply)
        if (!reader) return reply
        const { after } = request.query
        const list = { readerId: reader.account.readerId, pageSize: ordersOnPage, pageToken: after }
        try {
          const answer = await transactions.listOrders(list, orderPageCall)
          return showPage(request, reply, 'orders.hbs', ordersPage(answer, { isFirst: after === '' }))
        } catch (error) {
          if (error instanceof RpcError && error.code === Status.INVALID_ARGUMENT) return reply.callNotFound()
          return showAway(request, reply, error)
        }
      },
    )

    app.get(routes.exportOrders, async (request, reply) => {
      const reader = await findReader(request, reply)
      if (!reader) return reply
      try {
        const json = await exportOrders(transactions, reader.account.readerId, formCall)
        return reply
          .type('application/json; charset=utf-8')
          .header('content-disposition', 'attachment; filename="books-orders.json"')
          .send(json)
      } catch (error) {
        return showAway(request, reply.code(503).header('retry-after', 5), error)
      }
    })
  }
}

/** Who asks for an order. Where that is not known, answers the request with the page to sign in, or that says that accounts are away. */
async function findOwner(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string | undefined,
): Promise<Owner | undefined> {
  if (secret) return { readerId: 0, secret }
  const reader = await findReader(request, reply)
  return reader && { readerId: reader.account.readerId, secret: '' }
}

function isUnknownOrder({ code }: RpcError): boolean {
  return code === Status.NOT_FOUND || code === Status.INVALID_ARGUMENT
}
