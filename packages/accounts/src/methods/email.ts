import type { AccountsServiceService } from '@books/proto'
import { type Handlers, raise } from '@books/rpc'
import { toAccountMessage } from '../account.ts'
import { fingerprintOf } from '../mails/link-jobs.ts'
import { emailChanged } from '../mails/mails.ts'
import { enqueueNotice } from '../mails/notice.ts'
import { requirePasswordOf } from './checked-password.ts'
import { requireSession } from './current-session.ts'
import type { AccountsDeps } from './deps.ts'
import { noSuchLink, originOf, requireAddress } from './fields.ts'
import { requestMail } from './request-mail.ts'

// SQLSTATE: another account got the address at the same time.
const uniqueViolation = '23505'

/** Changes the address of an account, once the new one is proven. */
export function createEmailMethods(
  deps: AccountsDeps,
): Pick<Handlers<typeof AccountsServiceService>, 'requestEmailChange' | 'changeEmail'> {
  const { stores, now, wakeOutbox } = deps
  return {
    async requestEmailChange({ sessionToken, newEmail, password, origin }, { signal }) {
      const from = originOf(origin)
      const { address, key } = requireAddress('new_email', newEmail)
      const { account } = await requireSession(stores.sessions, sessionToken, now())
      await requirePasswordOf({ field: 'password', account, password }, deps, signal)
      const request = {
        kind: 'email-change-link',
        email: address,
        emailKey: key,
        accountId: account.id,
        passwordHash: fingerprintOf(account.password),
      } as const
      await requestMail(request, from, deps)
      return {}
    },

    async changeEmail({ token }) {
      const changing = stores.transact(async ({ links, accounts, tables }) => {
        const link = (await links.take(token, 'email-change', now())) ?? raise(noSuchLink())
        const before = (await accounts.findById(link.accountId ?? '')) ?? raise(noSuchLink())
        const after = (await accounts.setEmail(before.id, link.email, link.emailKey)) ?? raise(noSuchLink())
        await links.removeOf({ id: before.id, emailKey: before.email_key })
        await enqueueNotice(tables, before.email, emailChanged(before))
        return after
      })
      const account = await changing.catch((error) => {
        throw error.code === uniqueViolation ? noSuchLink() : error
      })
      wakeOutbox()
      return { account: toAccountMessage(account) }
    },
  }
}
