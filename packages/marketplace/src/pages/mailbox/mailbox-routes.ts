import type { Mailbox } from '@books/mail'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { mailboxPage, mailPage } from './mailbox-page.ts'

const longestList = 100
const params = Type.Object({ name: Type.String({ maxLength: 100 }) })

// A mail has styles of its own. It runs and loads nothing, and its links open new windows, as the shop is in no frame.
const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join(';')

/** The pages of the local mailbox, for development: who sees them may take over every account that they write to. */
export function mailboxRoutes(mailbox: Mailbox) {
  return async (app: FastifyInstance) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', cacheControl.noStore)
    })

    app.get(routes.mailbox, async (request, reply) =>
      showPage(request, reply, 'mailbox.hbs', mailboxPage(await mailbox.list(longestList))),
    )

    app.get<{ Params: Static<typeof params> }>(routes.mail, { schema: { params } }, async (request, reply) => {
      const mail = await mailbox.find(request.params.name)
      if (!mail) return reply.callNotFound()
      return showPage(request, allowFrame(reply), 'mail.hbs', mailPage(mail))
    })

    app.get<{ Params: Static<typeof params> }>(routes.mailHtml, { schema: { params } }, async (request, reply) => {
      const mail = await mailbox.find(request.params.name)
      if (!mail) return reply.callNotFound()
      return reply
        .header('content-security-policy', mailPolicy)
        .header('x-frame-options', 'SAMEORIGIN')
        .type('text/html; charset=utf-8')
        .send(mail.html)
    })
  }
}

function allowFrame(reply: FastifyReply): FastifyReply {
  const policy = String(reply.raw.getHeader('content-security-policy'))
  return reply.header('content-security-policy', `${policy};frame-src 'self'`)
}
