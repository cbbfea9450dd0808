import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { paths, routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { accountPage, profileForm } from './account-page.ts'
import type { Form } from './form.ts'
import { text } from './form-body.ts'
import { type AccountBackends, formCall, sendForm } from './send-form.ts'
import { findReader } from './session.ts'

const query = Type.Object({ done: Type.Optional(Type.String()) })
const body = Type.Object({ name: text, accepts_offers: text })

/** What is known of a reader, and where they are signed in. */
export function accountPageRoutes({ accounts, sessions, accountPageCall }: AccountBackends) {
  /** Undefined where accounts does not answer. */
  async function findSessions(sessionToken: string) {
    try {
      return (await accounts.listSessions({ sessionToken }, accountPageCall)).sessions
    } catch (error) {
      if (!(error instanceof RpcError) || error.code === Status.UNAUTHENTICATED) throw error
      return undefined
    }
  }

  return async (app: FastifyInstance) => {
    app.get<{ Querystring: Static<typeof query> }>(
      routes.account,
      { schema: { querystring: query } },
      async (request, reply) => {
        const reader = await findReader(request, reply)
        if (!reader) return reply
        const { account, token } = reader
        return sendForm(request, reply, { isForReader: true }, async () => {
          const open = await findSessions(token)
          const content = { account, sessions: open, done: request.query.done, csrfToken: reply.generateCsrf() }
          return showPage(request, reply, 'account.hbs', accountPage(content))
        })
      },
    )

    app.post<{ Body: Static<typeof body> }>(routes.account, { schema: { body } }, async (request, reply) => {
      const reader = await findReader(request, reply)
      if (!reader) return reply
      const { name, accepts_offers } = request.body
      const sent = { form: profileForm, typed: { name, accepts_offers }, isForReader: true }
      return sendForm(request, reply, sent, async () => {
        const change = { name, acceptsOffers: accepts_offers !== '' }
        await accounts.updateProfile({ sessionToken: reader.token, ...change }, formCall)
        sessions.forget(reader.token)
        return reply.redirect(paths.account({ done: 'profile' }), 303)
      })
    })

    app.post(routes.otherSessions, async (request, reply) => {
      const reader = await findReader(request, reply)
      if (!reader) return reply
      return sendForm(request, reply, { form: endOthersForm, isForReader: true }, async () => {
        await accounts.endOtherSessions({ sessionToken: reader.token }, formCall)
        return reply.redirect(paths.account({ done: 'sessions' }), 303)
      })
    })

    app.get(routes.exportAccount, async (request, reply) => {
      const reader = await findReader(request, reply)
      if (!reader) return reply
      return sendForm(request, reply, { isForReader: true }, async () => {
        const { json } = await accounts.exportAccount({ sessionToken: reader.token }, formCall)
        return reply
          .type('application/json; charset=utf-8')
          .header('content-disposition', 'attachment; filename="books-account.json"')
          .send(json)
      })
    })
  }
}

const endOthersForm: Form = {
  heading: 'End your other sessions',
  action: paths.otherSessions,
  submit: 'Sign out the others',
  fields: [],
  links: [{ href: paths.account(), label: 'Back to your account' }],
}
