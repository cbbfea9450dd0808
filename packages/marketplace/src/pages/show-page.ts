import type { FastifyReply, FastifyRequest } from 'fastify'
import { cartOf } from '../carts/visitor-cart.ts'
import { takeFlash } from '../http/flash-message.ts'
import type { Visitor } from '../sessions/visitor.ts'
import { visitorOf } from '../sessions/visitors.ts'
import { leftOutText } from './cart/left-out.ts'
import type { Page } from './pages.ts'
import { paths } from './paths.ts'

/** What the masthead says of the visitor. */
export interface Masthead {
  account: { href: string; label: string; isReader: boolean }
  /** Shown where accounts did not say who visits. */
  accountNotice: string | undefined
  /** How many copies the cart has; undefined for an empty one. */
  cartCopies: number | undefined
  /** Shown where the cart could not be looked up. */
  cartNotice: string | undefined
  /** What was done just now. */
  flash: string | undefined
}

/** Renders the page for its visitor, whose name and cart are in the masthead. */
export async function showPage(
  request: FastifyRequest,
  reply: FastifyReply,
  template: string,
  page: Page,
): Promise<string> {
  const masthead = await findMasthead(request, reply, page.path)
  return reply.viewAsync(template, { ...page, ...masthead })
}

/** Finds what the masthead says. `path` is where a guest goes on after signing in. */
export async function findMasthead(request: FastifyRequest, reply: FastifyReply, path?: string): Promise<Masthead> {
  const visitor = await visitorOf(request, reply)
  const { cart, leftOut, isAway } = await cartOf(request, reply)
  return {
    ...accountOf(visitor, path),
    cartCopies: cart?.copies || undefined,
    cartNotice: isAway ? 'We cannot look into your cart just now. It is kept, and everything else is open.' : undefined,
    flash: leftOut.length > 0 ? leftOutText(leftOut) : takeFlash(request, reply),
  }
}

function accountOf(visitor: Visitor, path?: string): Pick<Masthead, 'account' | 'accountNotice'> {
  if (visitor.kind === 'reader') {
    return {
      account: { href: paths.account(), label: visitor.account.name, isReader: true },
      accountNotice: undefined,
    }
  }
  if (visitor.kind === 'unknown') {
    return {
      account: { href: paths.account(), label: 'Your account', isReader: false },
      accountNotice: 'We cannot look up your account just now. You stay signed in, and everything else is open.',
    }
  }
  const returnTo = path === paths.home ? undefined : path
  return { account: { href: paths.signIn({ returnTo }), label: 'Sign in', isReader: false }, accountNotice: undefined }
}
