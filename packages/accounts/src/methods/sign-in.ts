import type { AccountsServiceService } from '@books/proto'
import { type Handlers, unauthenticated } from '@books/rpc'
import { toAccountMessage } from '../account.ts'
import { accountAndNetworkLimit, accountLimit, networkLimit } from '../attempts/attempt-limit.ts'
import type { Attempt } from '../attempts/attempt-store.ts'
import type { AccountsDeps } from './deps.ts'
import { originOf, requireAddress, requirePassword } from './fields.ts'

const wrong = () => unauthenticated('The address or the password is wrong')

/** Begins sessions of people who know their password. */
export function createSignInMethods({
  stores,
  attempts,
  passwords,
  now,
}: AccountsDeps): Pick<Handlers<typeof AccountsServiceService>, 'signIn'> {
  /** What an attempt counts as. A network that the account was signed in from before is not slowed down by what others try. */
  async function attemptsOf(emailKey: string, network: string): Promise<Attempt[]> {
    const isKnown = await stores.sessions.isKnownNetwork(emailKey, network)
    return [
      ...(network === '' ? [] : [{ kind: 'network', subject: [network], limit: networkLimit }]),
      { kind: 'sign-in', subject: [emailKey, network], limit: accountAndNetworkLimit },
      ...(isKnown ? [] : [{ kind: 'account', subject: [emailKey], limit: accountLimit }]),
    ]
  }

  return {
    async signIn({ email, password, origin: givenOrigin }, { signal }) {
      const { key } = requireAddress('email', email)
      const guess = requirePassword('password', password)
      const origin = originOf(givenOrigin)
      const counted = await attemptsOf(key, origin.network)
      for (const attempt of counted) await attempts.begin(attempt, now())

      // The same statements and the same work for an address that has no account.
      const account = await stores.accounts.findByEmail(key)
      const checked = await passwords.verify(account?.password, guess, signal).catch(async (error: unknown) => {
        // Nothing was guessed.
        for (const attempt of counted) await attempts.succeed(attempt)
        throw error
      })
      const { isRight, rehashed } = checked
      if (!account || !isRight) throw wrong()

      const sessionToken = await stores.transact(async ({ accounts, sessions }) => {
        // The password may have been changed, or the account deleted, meanwhile.
        if ((await accounts.lock(account.id))?.password !== account.password) throw wrong()
        if (rehashed) await accounts.setPassword(account.id, rehashed)
        return sessions.begin(account.id, origin, now())
      })
      for (const attempt of counted) await attempts.succeed(attempt)
      return { account: toAccountMessage(account), sessionToken }
    },
  }
}
