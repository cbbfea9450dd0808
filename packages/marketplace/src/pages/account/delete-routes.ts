import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { paths, routes } from '../paths.ts'
import { fields } from './fields.ts'
import type { Form } from './form.ts'
import { text } from './form-body.ts'
import { type AccountBackends, formCall, sendForm, showForm } from './send-form.ts'
import { endSession, findReader, originOf } from './session.ts'

const body = Type.Object({ password: text })

const deleteForm: Form = {
  heading: 'Delete your account',
  text: 'We erase your name, your address and your sessions at once, and nothing brings them back. What you wrote about books stays, without a name: delete it first if it should not.',
  action: paths.deleteAccount,
  submit: 'Delete the account for good',
  fields: [fields.ownEmail, fields.password],
  passwordField: 'password',
  links: [{ href: paths.account(), label: 'Keep it, and go back' }],
}

/** Deleting an account. */
export function deleteRoutes({ accounts }: AccountBackends) {
  return async (app: FastifyInstance) => {
    app.get(routes.deleteAccount, async (request, reply) => {
      const reader = await findReader(request, reply)
      return reader ? showForm(request, reply, deleteForm, { email: reader.account.email }) : reply
    })

    app.post<{ Body: Static<typeof body> }>(routes.deleteAccount, { schema: { body } }, async (request, reply) => {
      const reader = await findReader(request, reply)
      if (!reader) return reply
      const { token: sessionToken, account } = reader
      const sent = { form: deleteForm, typed: { email: account.email }, isForReader: true }
      return sendForm(request, reply, sent, async () => {
        const { password } = request.body
        await accounts.deleteAccount({ sessionToken, password, origin: originOf(request) }, formCall)
        endSession(request, reply)
        return reply.redirect(paths.signIn({ done: 'deleted' }), 303)
      })
    })
  }
}
