import { RpcError, Status } from '@books/rpc'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import type { MessagePage } from '../pages.ts'
import { paths } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { type Form, formPage, type Typed } from './form.ts'
import { problemOf } from './problem.ts'
import { endSession, showOutOfReach } from './session.ts'

/** Options of calls for forms: passwords take long to check, and few are checked at a time. */
export const formCall = { deadlineMs: 6_000 }

/** A form that was sent. */
export interface Sent {
  /** Left out for a page that is only asked for. */
  form?: Form
  typed?: Typed
  /** Whether it is only for readers who are signed in, so that UNAUTHENTICATED says that their session has ended. */
  isForReader?: boolean
}

/** Shows a form. */
export function showForm(request: FastifyRequest, reply: FastifyReply, form: Form, typed?: Typed): Promise<string> {
  return showPage(request, reply, 'form.hbs', formPage(form, reply.generateCsrf(), typed))
}

/**
 * Does what a form is for; where accounts refuses it, shows it again, with what is wrong and what was typed. Without a form it says that
 * the account is out of reach.
 */
export async function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { form, typed, isForReader = false }: Sent,
  run: () => Promise<FastifyReply | string>,
): Promise<FastifyReply | string> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    if (isForReader && error.code === Status.UNAUTHENTICATED) return askToSignIn(request, reply)
    if (form && error.code === Status.NOT_FOUND) return showUsedLink(request, reply, form)

    const problem = problemOf(error)
    // Its text may be about what was typed.
    if (problem.away) request.log.warn({ status: Status[error.code] }, 'accounts did not answer a form')
    if (problem.retryAfterSeconds) reply.header('retry-after', problem.retryAfterSeconds)
    if (!form) return showOutOfReach(request, reply)
    return showPage(
      request,
      reply.code(problem.status),
      'form.hbs',
      formPage(form, reply.generateCsrf(), typed, problem),
    )
  }
}

/** Ends a session that accounts refused, and has the reader sign in again. */
function askToSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  endSession(request, reply)
  return reply.redirect(paths.signIn({ returnTo: paths.account() }), 303)
}

function showUsedLink(request: FastifyRequest, reply: FastifyReply, { action }: Form): Promise<string> {
  const page: MessagePage = {
    title: 'This link does not work any more · Books',
    heading: 'This link does not work any more',
    text: 'It was used, is too old, or arrived incomplete. If it was used by you, all is well; otherwise ask for another one.',
    furtherLinks: [
      { href: action, label: 'Ask for another link' },
      { href: paths.signIn(), label: 'Sign in' },
    ],
  }
  return showPage(request, reply.code(404), 'message.hbs', page)
}

/** Backends that the pages about accounts use. */
export type AccountBackends = Pick<Backends, 'accounts' | 'accountPageCall' | 'sessions' | 'recorder'>
