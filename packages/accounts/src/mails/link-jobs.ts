import type { Mailer } from '@books/mail'
import type { Job } from '@books/runtime/outbox'
import type { Database } from '../stores.ts'
import { alreadySignedUp, emailChangeLink, emailTaken, passwordResetLink, signUpLink } from './mails.ts'

/** A link that was asked for, as the outbox keeps it until it is mailed. */
export type LinkRequest =
  | { kind: 'sign-up-link'; email: string; emailKey: string }
  | { kind: 'password-reset-link'; email: string; emailKey: string }
  | EmailChangeRequest

interface EmailChangeRequest {
  kind: 'email-change-link'
  email: string
  emailKey: string
  accountId: string
}

/** What the jobs need. */
export interface LinkJobsDeps {
  database: Database
  mailer: Mailer
  /** The address of the shop. */
  publicUrl: string
  now: () => Date
}

/**
 * The jobs that mail links. Each token is made here and not kept, so it lies nowhere but in the mail; a job that is repeated mails
 * another one under the same Message-ID.
 */
export function createLinkJobs({ database: { accounts, links }, mailer, publicUrl, now }: LinkJobsDeps) {
  const urlOf = (path: string, token?: string) => {
    const url = new URL(path, publicUrl)
    if (token) url.searchParams.set('token', token)
    return url.href
  }

  return {
    async 'sign-up-link'({ key, payload }: Job) {
      const { email, emailKey } = payload as LinkRequest
      const account = await accounts.findByEmail(emailKey)
      const content = account
        ? alreadySignedUp({ signIn: urlOf('/sign-in'), reset: urlOf('/reset-password') })
        : signUpLink(urlOf('/sign-up', await links.add({ purpose: 'sign-up', email, emailKey }, now())))
      await mailer.send({ key, to: email, content })
    },

    async 'password-reset-link'({ key, payload }: Job) {
      const { emailKey } = payload as LinkRequest
      const account = await accounts.findByEmail(emailKey)
      if (!account) return
      const { id, email } = account
      const token = await links.add({ purpose: 'password-reset', email, emailKey, accountId: id }, now())
      await mailer.send({ key, to: email, content: passwordResetLink(urlOf('/reset-password', token)) })
    },

    async 'email-change-link'({ key, payload }: Job) {
      const { email, emailKey, accountId } = payload as EmailChangeRequest
      const other = await accounts.findByEmail(emailKey)
      if (!(await accounts.findById(accountId))) return
      const content =
        other && other.id !== accountId
          ? emailTaken()
          : emailChangeLink(
              urlOf('/account/email', await links.add({ purpose: 'email-change', email, emailKey, accountId }, now())),
            )
      await mailer.send({ key, to: email, content })
    },
  }
}
