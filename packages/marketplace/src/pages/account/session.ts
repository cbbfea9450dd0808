import type { Account, Origin } from '@books/proto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { readPreferences, savePreferences } from '../../preferences/preferences-cookie.ts'
import { clearSession, readSessionToken, saveSessionToken } from '../../sessions/session-cookie.ts'
import type { Reader } from '../../sessions/visitor.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import type { MessagePage } from '../pages.ts'
import { paths } from '../paths.ts'
import { showPage } from '../show-page.ts'

/** Where a form comes from, for the limits of attempts. */
export function originOf({ ip, headers }: FastifyRequest): Origin {
  return { network: ip, userAgent: headers['user-agent'] ?? '' }
}

/** A session that accounts began. */
interface BegunSession {
  account?: Account | undefined
  sessionToken: string
}

/** Signs a visitor in. What they said as a guest becomes the reader's; a session that they had until now ends. */
export async function beginSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { accounts, recorder }: Pick<Backends, 'accounts' | 'recorder'>,
  { account, sessionToken }: BegunSession,
): Promise<void> {
  const before = await visitorOf(request, reply)
  const endedToken = readSessionToken(request)
  if (before.kind === 'guest' && account) await recorder.recordOpinions(account.readerId, readPreferences(request))
  // What another reader said in this browser is not of this one.
  if (before.kind === 'unknown' || (before.kind === 'reader' && before.account.readerId !== account?.readerId))
    savePreferences(reply, [])
  saveSessionToken(reply, sessionToken)
  // A page that answers this very request is the reader's, too.
  if (account) request.visitor = Promise.resolve({ kind: 'reader', account, token: sessionToken })

  if (endedToken === undefined) return
  request.server.sessions.forget(endedToken)
  // Nothing needs it any more, and it ends by itself.
  accounts.signOut({ sessionToken: endedToken }).catch(() => {})
}

/** Removes the session from the browser, and what this process remembers of it. */
export function endSession(request: FastifyRequest, reply: FastifyReply): void {
  const token = readSessionToken(request)
  if (token !== undefined) request.server.sessions.forget(token)
  clearSession(reply)
}

/**
 * The reader who sent a request; where there is none, answers it with the page to sign in, or that says that accounts are away. Signing in
 * leads back to the page of this path, by default the requested one.
 */
export async function findReader(
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo = request.url.split('?')[0],
): Promise<Reader | undefined> {
  const visitor = await visitorOf(request, reply, { isMain: true })
  if (visitor.kind === 'reader') return visitor
  if (visitor.kind === 'guest') {
    void reply.redirect(paths.signIn({ returnTo }), 303)
    return undefined
  }
  void reply.send(await showOutOfReach(request, reply))
  return undefined
}

/** Shows that accounts does not answer. */
export function showOutOfReach(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const page: MessagePage = {
    title: 'Your account is out of reach · Books',
    heading: 'Your account is out of reach',
    text: 'We cannot look up your account just now. You stay signed in. Please try again in a moment.',
    fallback: 'accounts',
  }
  return showPage(request, reply.code(503).header('retry-after', 5), 'message.hbs', page)
}
