import type { Mailer, NewMail } from '@books/mail'
import { type Job, PermanentError } from '@books/runtime/outbox'
import type { RootStores } from '../stores.ts'
import { hashOfToken } from '../token.ts'
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
  /** SHA-256 of what was stored of the password: once it is changed, the request is void. */
  passwordHash: string
}

/** What tells whether the stored password of an account is still the same. */
export function fingerprintOf(password: string): string {
  return hashOfToken(password).toString('hex')
}

/** What the jobs need. */
export interface LinkJobsDeps {
  stores: RootStores
  mailer: Mailer
  /** The address of the shop. */
  publicUrl: string
  now: () => Date
}

/**
 * The jobs that mail links. Each token is made here and not kept, so it is stored nowhere but in the mail; a job that is repeated mails
 * another one under the same Message-ID.
 */
export function createLinkJobs({ stores, mailer, publicUrl, now }: LinkJobsDeps) {
  const { accounts, links } = stores
  const urlOf = (path: string, token?: string) => {
    const url = new URL(path, publicUrl)
    if (token) url.searchParams.set('token', token)
    return url.href
  }

  /** An address that a visitor mistyped is no concern of the operator's. */
  async function sendIfDeliverable(mail: NewMail): Promise<void> {
    await mailer.send(mail).catch((error: unknown) => {
      if (!(error instanceof PermanentError)) throw error
    })
  }

  return {
    async 'sign-up-link'({ key, payload }: Job) {
      const { email, emailKey } = payload as LinkRequest
      const account = await accounts.findByEmail(emailKey)
      const content = account
        ? alreadySignedUp({ signIn: urlOf('/sign-in'), reset: urlOf('/reset-password') })
        : signUpLink(urlOf('/sign-up', await links.add({ purpose: 'sign-up', email, emailKey }, now())))
      await sendIfDeliverable({ key, to: email, content })
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
      const { email, emailKey, accountId, passwordHash } = payload as EmailChangeRequest
      const content = await stores.transact(async (transaction) => {
        const account = await transaction.accounts.lock(accountId)
        if (!account || fingerprintOf(account.password) !== passwordHash) return undefined
        const other = await transaction.accounts.findByEmail(emailKey)
        if (other && other.id !== accountId) return emailTaken()
        const link = { purpose: 'email-change', email, emailKey, accountId } as const
        return emailChangeLink(urlOf('/account/email', await transaction.links.add(link, now())))
      })
      if (content) await mailer.send({ key, to: email, content })
    },
  }
}
