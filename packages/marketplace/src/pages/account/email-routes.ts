import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { visitorOf } from '../../sessions/visitors.ts'
import { paths, routes } from '../paths.ts'
import { fields } from './fields.ts'
import { type Form, mailSent } from './form.ts'
import { linkQuery, text } from './form-body.ts'
import { type AccountBackends, formCall, sendForm, showForm } from './send-form.ts'
import { findReader, originOf } from './session.ts'

const body = Type.Object({ token: text, new_email: text, password: text })

const askForm: Form = {
  heading: 'Change your address',
  text: 'We send a link to the new address. Until you have opened it, the address stays as it is.',
  action: paths.changeEmail(),
  submit: 'Send me the link',
  fields: [fields.newEmail, fields.password],
  passwordField: 'password',
  links: [{ href: paths.account(), label: 'Back to your account' }],
}

/** Changing the address of an account, which the new one has to confirm. */
export function emailRoutes({ accounts, sessions }: AccountBackends) {
  return async (app: FastifyInstance) => {
    app.get<{ Querystring: Static<typeof linkQuery> }>(
      routes.changeEmail,
      { schema: { querystring: linkQuery } },
      async (request, reply) => {
        const { token, sent } = request.query
        // A button, as programs that look for harmful mails follow links.
        if (token !== undefined) return showForm(request, reply, confirmForm(token))
        const reader = await findReader(request, reply)
        return reader ? showForm(request, reply, { ...askForm, notice: sent && mailSent }) : reply
      },
    )

    app.post<{ Body: Static<typeof body> }>(routes.changeEmail, { schema: { body } }, async (request, reply) => {
      const { token, new_email: newEmail, password } = request.body
      if (token !== '') {
        return sendForm(request, reply, { form: confirmForm(token) }, async () => {
          await accounts.changeEmail({ token }, formCall)
          const visitor = await visitorOf(request, reply)
          if (visitor.kind === 'guest') return reply.redirect(paths.signIn({ done: 'email' }), 303)
          if (visitor.kind === 'reader') sessions.forget(visitor.token)
          return reply.redirect(paths.account({ done: 'email' }), 303)
        })
      }
      const reader = await findReader(request, reply)
      if (!reader) return reply
      const sent = { form: askForm, typed: { new_email: newEmail }, isForReader: true }
      return sendForm(request, reply, sent, async () => {
        const asked = { sessionToken: reader.token, newEmail, password, origin: originOf(request) }
        await accounts.requestEmailChange(asked, formCall)
        return reply.redirect(paths.changeEmail({ isSent: true }), 303)
      })
    })
  }
}

function confirmForm(token: string): Form {
  return {
    heading: 'Confirm your new address',
    text: 'You sign in with this address from then on. We tell the old one by mail.',
    action: paths.changeEmail(),
    submit: 'Use this address',
    fields: [],
    hidden: { token },
  }
}
