import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Visitor } from '../sessions/visitor.ts'
import { visitorOf } from '../sessions/visitors.ts'
import type { Page } from './pages.ts'
import { paths } from './paths.ts'

/** What the masthead says of the visitor. */
export interface Masthead {
  account: { href: string; label: string; isReader: boolean }
  /** Shown where accounts did not say who visits. */
  accountNotice: string | undefined
}

/** Renders the page for its visitor, whose name is in the masthead. */
export async function showPage(
  request: FastifyRequest,
  reply: FastifyReply,
  template: string,
  page: Page,
): Promise<string> {
  const masthead = mastheadOf(await visitorOf(request, reply), page.path)
  return reply.viewAsync(template, { ...page, ...masthead })
}

/** Makes the masthead. `path` is where a guest goes on after signing in. */
export function mastheadOf(visitor: Visitor, path?: string): Masthead {
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
