import type { AccountsServiceService } from '@books/proto'
import { type Handlers, raise } from '@books/rpc'
import { type Account, toAccountMessage } from '../account.ts'
import { accountAndNetworkLimit } from '../attempts/attempt-limit.ts'
import { passwordChanged } from '../mails/mails.ts'
import { enqueueNotice } from '../mails/notice.ts'
import type { SessionOrigin } from '../session-store.ts'
import type { Stores } from '../stores.ts'
import { requirePasswordOf } from './checked-password.ts'
import { requireSession } from './current-session.ts'
import type { AccountsDeps } from './deps.ts'
import { noSuchLink, originOf, requireAddress, requireNewPassword } from './fields.ts'
import { requestMail } from './request-mail.ts'

/** Changes passwords. */
export function createPasswordMethods(
  deps: AccountsDeps,
): Pick<Handlers<typeof AccountsServiceService>, 'changePassword' | 'requestPasswordReset' | 'resetPassword'> {
  const { stores, attempts, passwords, now, wakeOutbox } = deps

  /** Ends every session, begins one, and says so by mail. Resolves to the token of the new session. */
  async function setPassword(account: Account, hash: string, origin: SessionOrigin, stores: Stores): Promise<string> {
    await stores.accounts.setPassword(account.id, hash)
    await stores.sessions.endAll(account.id)
    await stores.links.removeOf({ id: account.id, emailKey: account.email_key })
    await enqueueNotice(stores.tables, account.email, passwordChanged(account))
    return stores.sessions.begin(account.id, origin, now())
  }

  return {
    async changePassword({ sessionToken, oldPassword, newPassword, origin }, { signal }) {
      const from = originOf(origin)
      const { account } = await requireSession(stores.sessions, sessionToken, now())
      await requirePasswordOf({ field: 'old_password', account, password: oldPassword }, deps, signal)
      const hash = await passwords.hash(requireNewPassword('new_password', newPassword, account), signal)
      const token = await stores.transact((transaction) => setPassword(account, hash, from, transaction))
      wakeOutbox()
      return { sessionToken: token }
    },

    async requestPasswordReset({ email, origin }) {
      const { address, key } = requireAddress('email', email)
      await requestMail({ kind: 'password-reset-link', email: address, emailKey: key }, originOf(origin), deps)
      return {}
    },

    async resetPassword({ token, newPassword, origin }, { signal }) {
      const from = originOf(origin)
      await attempts.begin({ kind: 'link', subject: [token], limit: accountAndNetworkLimit }, now())
      const { accountId = '' } = (await stores.links.find(token, 'password-reset', now())) ?? raise(noSuchLink())
      const account = (await stores.accounts.findById(accountId)) ?? raise(noSuchLink())
      const hash = await passwords.hash(requireNewPassword('new_password', newPassword, account), signal)
      const sessionToken = await stores.transact(async (transaction) => {
        if (!(await transaction.links.take(token, 'password-reset', now()))) throw noSuchLink()
        return setPassword(account, hash, from, transaction)
      })
      wakeOutbox()
      return { account: toAccountMessage(account), sessionToken }
    },
  }
}
