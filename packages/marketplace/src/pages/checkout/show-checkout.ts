import type { Cart } from '@books/proto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cartOf } from '../../carts/visitor-cart.ts'
import { allowFormTargets } from '../../http/security/security-headers.ts'
import type { Visitor } from '../../sessions/visitor.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import type { Typed } from '../account/form.ts'
import { showOutOfReach } from '../account/session.ts'
import { obstacleOf } from '../cart/cart-page.ts'
import { paths } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { readAddress } from './address-cookie.ts'
import { changesOf } from './changes.ts'
import { type CheckoutBody, cartTag, newKey, type Offer } from './checkout-form.ts'
import { checkoutPage } from './checkout-page.ts'
import type { CheckoutProblem } from './checkout-problem.ts'
import { cartAwayPage, emptyPage } from './messages.ts'
import { encodeLines, hasSameCopies, type SeenLine } from './seen-lines.ts'

/** A form that was sent and did not place an order. */
export interface Attempt {
  body: CheckoutBody
  seen: readonly SeenLine[]
  /** Undefined where it was sent to change the cart. */
  problem: CheckoutProblem | undefined
}

/** Shows the checkout of the visitor's cart as it is now, with what was typed, what is wrong and what has changed since. */
export async function showCheckout(
  request: FastifyRequest,
  reply: FastifyReply,
  paymentOrigins: readonly string[],
  attempt?: Attempt,
): Promise<FastifyReply | string> {
  const { id, cart, isAway } = await cartOf(request, reply, { isMain: true })
  const visitor = await visitorOf(request, reply)
  if (isAway) return showPage(request, attempt ? reply.code(503) : reply, 'message.hbs', cartAwayPage)
  if (!cart || id === undefined || cart.lines.length === 0) {
    if (visitor.kind === 'unknown') return showOutOfReach(request, reply)
    return showPage(request, reply, 'message.hbs', emptyPage)
  }
  if (!attempt && obstacleOf(cart)) return reply.redirect(paths.cart, 303)

  const problem = attempt?.problem
  if (problem?.retryAfterSeconds) reply.header('retry-after', problem.retryAfterSeconds)
  allowFormTargets(reply.code(problem?.status ?? 200), paymentOrigins)
  const { offer, isNew } = offerOf(cartTag(id), cart, attempt)
  const page = checkoutPage({
    ...{ cart, offer, problem },
    typed: attempt ? typedOf(attempt.body) : typedBefore(request, visitor),
    csrfToken: reply.generateCsrf(),
    isGuest: visitor.kind === 'guest',
    changes: attempt && isNew ? changesOf(attempt.seen, cart) : [],
  })
  return showPage(request, reply, 'checkout.hbs', page)
}

/**
 * The offer of a form. One whose outcome is not known, or that was only filled in wrong, keeps its key: sent again, it is the same order.
 */
function offerOf(tag: string, cart: Cart, attempt: Attempt | undefined): { offer: Offer; isNew: boolean } {
  const isSame = attempt !== undefined && attempt.body.cart === tag && hasSameCopies(attempt.seen, cart)
  if (isSame && attempt.problem && !attempt.problem.needsNewKey) return { offer: attempt.body, isNew: false }
  const total = (isSame ? attempt.problem?.totalCents : undefined) ?? cart.totalCents
  return {
    offer: { key: newKey(), cart: tag, lines: encodeLines(cart.lines), total, currency: cart.currency },
    isNew: true,
  }
}

function typedOf({ email, name, street, postal_code, city, country, keep }: CheckoutBody): Typed {
  return { email, name, street, postal_code, city, country, keep }
}

function typedBefore(request: FastifyRequest, visitor: Visitor): Typed {
  const kept = readAddress(request)
  if (kept) return { ...kept, keep: 'yes' }
  return visitor.kind === 'reader' ? { email: visitor.account.email, name: visitor.account.name } : {}
}
