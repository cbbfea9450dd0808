import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { returnPathOf } from '../../sessions/return-path.ts'
import { readSessionToken } from '../../sessions/session-cookie.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import type { MessagePage } from '../pages.ts'
import { paths, routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { fields } from './fields.ts'
import type { Form } from './form.ts'
import { text } from './form-body.ts'
import { type AccountBackends, formCall, sendForm, showForm } from './send-form.ts'
import { beginSession, endSession, originOf } from './session.ts'

const query = Type.Object({ return_to: Type.Optional(Type.String()), done: Type.Optional(Type.String()) })
const body = Type.Object({ email: text, password: text, return_to: text })

const notices: Readonly<Record<string, string>> = {
  email: 'Your address is changed. Sign in with the new one.',
  deleted: 'Your account is deleted. You are welcome to browse on.',
}

/** Signing in and out. */
export function signInRoutes(backends: AccountBackends) {
  const { accounts } = backends
  return async (app: FastifyInstance) => {
    app.get<{ Querystring: Static<typeof query> }>(
      routes.signIn,
      { schema: { querystring: query } },
      async (request, reply) => {
        const { return_to, done = '' } = request.query
        const returnTo = returnPathOf(return_to)
        const { kind } = await visitorOf(request, reply)
        if (kind === 'reader') return reply.redirect(returnTo, 303)
        return showForm(request, reply, { ...signInForm(returnTo), notice: notices[done] })
      },
    )

    app.post<{ Body: Static<typeof body> }>(routes.signIn, { schema: { body } }, async (request, reply) => {
      const { email, password, return_to } = request.body
      const returnTo = returnPathOf(return_to)
      return sendForm(request, reply, { form: signInForm(returnTo), typed: { email } }, async () => {
        const begun = await accounts.signIn({ email, password, origin: originOf(request) }, formCall)
        await beginSession(request, reply, backends, begun)
        return reply.redirect(returnTo, 303)
      })
    })

    app.post(routes.signOut, async (request, reply) => {
      const sessionToken = readSessionToken(request)
      endSession(request, reply)
      if (sessionToken === undefined) return reply.redirect(paths.home, 303)
      try {
        await accounts.signOut({ sessionToken }, formCall)
      } catch {
        return showPage(request, reply, 'message.hbs', signedOutHere)
      }
      return reply.redirect(paths.home, 303)
    })
  }
}

const signedOutHere: MessagePage = {
  title: 'You are signed out here · Books',
  heading: 'You are signed out here',
  text: 'This browser has forgotten your session. We could not tell our accounts just now: sign in later and end your other sessions if you want to be sure.',
  fallback: 'accounts',
}

function signInForm(returnTo: string): Form {
  return {
    heading: 'Sign in',
    action: paths.signIn(),
    submit: 'Sign in',
    fields: [fields.email, fields.password],
    hidden: { return_to: returnTo },
    passwordField: 'password',
    wrongPassword: 'The address or the password is wrong.',
    links: [
      { href: paths.resetPassword(), label: 'Forgot your password?' },
      { href: paths.signUp(), label: 'Create an account' },
    ],
  }
}
