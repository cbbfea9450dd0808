import { RpcError, Status, unavailable } from '@books/rpc'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { cartIdFor } from '../../carts/visitor-cart.ts'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { originsOf } from '../../http/security/form-protection.ts'
import { httpError } from '../../http/security/http-error.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import { showOutOfReach } from '../account/session.ts'
import { saveOrderSecret } from '../orders/order-secret.ts'
import { paths, routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { clearAddress, saveAddress } from './address-cookie.ts'
import { type CheckoutBody, cartTag, checkoutBody } from './checkout-form.ts'
import { type CheckoutProblem, checkoutProblemOf } from './checkout-problem.ts'
import { inProgressPage, signedOutPage } from './messages.ts'
import { decodeLines, type SeenLine } from './seen-lines.ts'
import { type Attempt, showCheckout } from './show-checkout.ts'

/** What the checkout is made from. */
export interface CheckoutDeps {
  backends: Pick<Backends, 'cart' | 'transactions'>
  /** The shop's origin. */
  publicUrl: string
  /** The origins of the payment provider's pages. */
  paymentOrigins: readonly string[]
}

// Of the longest address, in which each character may take twelve bytes, and fifty lines.
const bodyLimit = 16 * 1024
// A person waits for what they asked for.
const formCall = { deadlineMs: 6_000 }

const otherCart: CheckoutProblem = {
  ...{ status: 409, violations: {}, needsNewKey: true },
  text: 'You have signed in or out since this form was opened. Nothing was ordered. This is your cart now.',
}

/** The checkout: a form that places an order, and leads to the page of the payment provider. */
export function checkoutRoutes({ backends: { cart, transactions }, publicUrl, paymentOrigins }: CheckoutDeps) {
  const show = (request: FastifyRequest, reply: FastifyReply, attempt?: Attempt) =>
    showCheckout(request, reply, paymentOrigins, attempt)

  async function placeOrder(request: FastifyRequest, reply: FastifyReply, order: CartOrder) {
    const { cartId, body, seen } = order
    const { email, name, street, postal_code: postalCode, city, country } = body
    const visitor = await visitorOf(request, reply)
    const placed = await transactions.placeOrder(
      {
        ...{ idempotencyKey: body.key, cartId, email, name, currency: body.currency },
        readerId: visitor.kind === 'reader' ? visitor.account.readerId : 0,
        address: { street, postalCode, city, country },
        lines: seen.map(({ bookId, copies }) => ({ bookId, copies })),
        expectedTotalCents: body.total,
        // In development the shop has several origins: back to the one at which the customer is.
        returnUrl: originsOf(request, publicUrl).at(-1) + paths.orders(),
        network: request.ip,
      },
      formCall,
    )
    if (!placed.order) throw unavailable('transactions answered without an order')
    const { id, redirectUrl } = placed.order
    if (body.keep) saveAddress(reply, body)
    else clearAddress(reply)
    if (placed.secret) saveOrderSecret(reply, id, placed.secret)
    // Browsers would not follow a redirect that the policy of the checkout does not name; the order's page has a link.
    const isAllowed = redirectUrl !== '' && paymentOrigins.includes(URL.parse(redirectUrl)?.origin ?? '')
    return reply.redirect(isAllowed ? redirectUrl : paths.order(id, placed), 303)
  }

  /** Sets the copies that there are, and shows what the rest costs. */
  async function fitCart(request: FastifyRequest, reply: FastifyReply, { cartId, body, seen }: CartOrder, fit: string) {
    for (const change of fit.split('.')) {
      const [bookId = 0, copies = 0] = change.split('x').map(Number)
      await cart.setQuantity({ cartId, bookId, copies }, formCall)
    }
    return show(request, reply, { body, seen, problem: undefined })
  }

  async function showProblem(request: FastifyRequest, reply: FastifyReply, { body, seen }: CartOrder, error: unknown) {
    if (!(error instanceof RpcError)) throw error
    const problem = checkoutProblemOf(error)
    // Its text may be about what was typed.
    if (problem.away) request.log.warn({ status: Status[error.code] }, 'an order could not be placed')
    if (problem.orderId !== undefined)
      return showPage(request, reply.code(problem.status), 'message.hbs', inProgressPage(problem.orderId))
    return show(request, reply, { body, seen, problem })
  }

  return async (app: FastifyInstance) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', cacheControl.noStore)
    })

    app.get(routes.checkout, async (request, reply) => show(request, reply))

    app.post<{ Body: CheckoutBody }>(
      routes.checkout,
      { schema: { body: checkoutBody }, bodyLimit },
      async (request, reply) => {
        const { body } = request
        const seen = decodeLines(body.lines)
        if (!seen) throw httpError(400, 'The lines are malformed')
        const cartId = await cartIdFor(request, reply)
        if (cartId === undefined || cartTag(cartId) !== body.cart) {
          const { kind } = await visitorOf(request, reply)
          if (kind === 'unknown') return showOutOfReach(request, reply)
          if (cartId === undefined) return showPage(request, reply.code(409), 'message.hbs', signedOutPage)
          return show(request, reply, { body, seen, problem: otherCart })
        }
        const order = { cartId, body, seen }
        try {
          if (body.fit !== undefined) return await fitCart(request, reply, order, body.fit)
          return await placeOrder(request, reply, order)
        } catch (error) {
          return showProblem(request, reply, order, error)
        }
      },
    )
  }
}

interface CartOrder {
  cartId: string
  body: CheckoutBody
  seen: readonly SeenLine[]
}
