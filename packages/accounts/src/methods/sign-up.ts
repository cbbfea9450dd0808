import type { AccountsServiceService } from '@books/proto'
import { type Handlers, raise } from '@books/rpc'
import { toAccountMessage } from '../account.ts'
import { accountAndNetworkLimit } from '../attempts/attempt-limit.ts'
import { createId } from '../token.ts'
import type { AccountsDeps } from './deps.ts'
import { noSuchLink, originOf, requireAddress, requireName, requireNewPassword } from './fields.ts'
import { requestMail } from './request-mail.ts'

/** Proves an address, and creates an account for it. */
export function createSignUpMethods(
  deps: AccountsDeps,
): Pick<Handlers<typeof AccountsServiceService>, 'requestSignUp' | 'signUp'> {
  const { stores, attempts, passwords, now } = deps
  return {
    async requestSignUp({ email, origin }) {
      const { address, key } = requireAddress('email', email)
      await requestMail({ kind: 'sign-up-link', email: address, emailKey: key }, originOf(origin), deps)
      return {}
    },

    async signUp({ token, name: givenName, password, acceptsOffers, origin: givenOrigin }, { signal }) {
      const origin = originOf(givenOrigin)
      const name = requireName(givenName)
      const counted = { kind: 'link', subject: [token], limit: accountAndNetworkLimit }
      await attempts.begin(counted, now())
      const { email, emailKey } = (await stores.links.find(token, 'sign-up', now())) ?? raise(noSuchLink())
      const hash = await passwords.hash(requireNewPassword('password', password, { name, email }), signal)

      const begun = await stores.transact(async ({ links, accounts, sessions }) => {
        if (!(await links.take(token, 'sign-up', now()))) throw noSuchLink()
        const id = createId()
        const account = await accounts.add({ id, name, email, emailKey, password: hash, acceptsOffers }, now())
        // The link is used up, so that it does not have a password hashed again.
        if (!account) return undefined
        return { account: toAccountMessage(account), sessionToken: await sessions.begin(id, origin, now()) }
      })
      return begun ?? raise(noSuchLink())
    },
  }
}
