import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { saveSessionToken } from '../../sessions/session-cookie.ts'
import { paths, routes } from '../paths.ts'
import { fields } from './fields.ts'
import { type Form, mailSent } from './form.ts'
import { linkQuery, text } from './form-body.ts'
import { type AccountBackends, formCall, sendForm, showForm } from './send-form.ts'
import { beginSession, findReader, originOf } from './session.ts'

const changeBody = Type.Object({ old_password: text, new_password: text })
const resetBody = Type.Object({ email: text, token: text, new_password: text })

const changeForm: Form = {
  heading: 'Change your password',
  text: 'Your other devices are signed out then.',
  action: paths.changePassword,
  submit: 'Change the password',
  fields: [fields.ownEmail, fields.oldPassword, fields.newPassword],
  passwordField: 'old_password',
  links: [{ href: paths.account(), label: 'Back to your account' }],
}

const askForm: Form = {
  heading: 'Forgot your password?',
  text: 'We send a link to your address. It opens the page on which you choose a new password.',
  action: paths.resetPassword(),
  submit: 'Send me the link',
  fields: [fields.email],
  links: [{ href: paths.signIn(), label: 'Back to signing in' }],
}

/** Changing a password, and choosing a new one by the link in a mail. */
export function passwordRoutes(backends: AccountBackends) {
  const { accounts, sessions } = backends
  return async (app: FastifyInstance) => {
    app.get(routes.changePassword, async (request, reply) => {
      const reader = await findReader(request, reply)
      return reader ? showForm(request, reply, changeForm, { email: reader.account.email }) : reply
    })

    app.post<{ Body: Static<typeof changeBody> }>(
      routes.changePassword,
      { schema: { body: changeBody } },
      async (request, reply) => {
        const reader = await findReader(request, reply)
        if (!reader) return reply
        const { token: sessionToken, account } = reader
        const { old_password: oldPassword, new_password: newPassword } = request.body
        const sent = { form: changeForm, typed: { email: account.email }, isForReader: true }
        return sendForm(request, reply, sent, async () => {
          const origin = originOf(request)
          const changed = await accounts.changePassword({ sessionToken, oldPassword, newPassword, origin }, formCall)
          sessions.forget(sessionToken)
          saveSessionToken(reply, changed.sessionToken)
          return reply.redirect(paths.account({ done: 'password' }), 303)
        })
      },
    )

    app.get<{ Querystring: Static<typeof linkQuery> }>(
      routes.resetPassword,
      { schema: { querystring: linkQuery } },
      async (request, reply) => {
        const { token, sent } = request.query
        if (token !== undefined) return showForm(request, reply, resetForm(token))
        return showForm(request, reply, { ...askForm, notice: sent && mailSent })
      },
    )

    app.post<{ Body: Static<typeof resetBody> }>(
      routes.resetPassword,
      { schema: { body: resetBody } },
      async (request, reply) => {
        const { email, token, new_password: newPassword } = request.body
        const origin = originOf(request)
        if (token === '') {
          return sendForm(request, reply, { form: askForm, typed: { email } }, async () => {
            await accounts.requestPasswordReset({ email, origin }, formCall)
            return reply.redirect(paths.resetPassword({ isSent: true }), 303)
          })
        }
        return sendForm(request, reply, { form: resetForm(token) }, async () => {
          const begun = await accounts.resetPassword({ token, newPassword, origin }, formCall)
          await beginSession(request, reply, backends, begun)
          return reply.redirect(paths.account({ done: 'password' }), 303)
        })
      },
    )
  }
}

function resetForm(token: string): Form {
  return {
    heading: 'Choose a new password',
    text: 'Your other devices are signed out then.',
    action: paths.resetPassword(),
    submit: 'Use this password',
    fields: [fields.newPassword],
    hidden: { token },
  }
}
