import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { paths, routes } from '../paths.ts'
import { fields } from './fields.ts'
import { type Form, mailSent } from './form.ts'
import { linkQuery, text } from './form-body.ts'
import { type AccountBackends, formCall, sendForm, showForm } from './send-form.ts'
import { beginSession, originOf } from './session.ts'

const body = Type.Object({ email: text, token: text, name: text, password: text, accepts_offers: text })

const askForm: Form = {
  heading: 'Create an account',
  text: 'We send a link to your address. It opens the page on which you choose a name and a password.',
  action: paths.signUp(),
  submit: 'Send me the link',
  fields: [fields.email],
  links: [{ href: paths.signIn(), label: 'Sign in instead' }],
}

/** Creating an account, for an address that is proven by the link in a mail. */
export function signUpRoutes(backends: AccountBackends) {
  const { accounts } = backends
  return async (app: FastifyInstance) => {
    app.get<{ Querystring: Static<typeof linkQuery> }>(
      routes.signUp,
      { schema: { querystring: linkQuery } },
      async (request, reply) => {
        const { token, sent } = request.query
        if (token !== undefined) return showForm(request, reply, createForm(token))
        return showForm(request, reply, { ...askForm, notice: sent && mailSent })
      },
    )

    app.post<{ Body: Static<typeof body> }>(routes.signUp, { schema: { body } }, async (request, reply) => {
      const { token, email, name, password, accepts_offers } = request.body
      const origin = originOf(request)
      if (token === '') {
        return sendForm(request, reply, { form: askForm, typed: { email } }, async () => {
          await accounts.requestSignUp({ email, origin }, formCall)
          return reply.redirect(paths.signUp({ isSent: true }), 303)
        })
      }
      const typed = { name, accepts_offers }
      return sendForm(request, reply, { form: createForm(token), typed }, async () => {
        const acceptsOffers = accepts_offers !== ''
        const begun = await accounts.signUp({ token, name, password, acceptsOffers, origin }, formCall)
        await beginSession(request, reply, backends, begun)
        return reply.redirect(paths.account({ done: 'sign-up' }), 303)
      })
    })
  }
}

function createForm(token: string): Form {
  return {
    heading: 'Create your account',
    action: paths.signUp(),
    submit: 'Create the account',
    fields: [fields.name, fields.chosenPassword, fields.acceptsOffers],
    hidden: { token },
  }
}
