import type { AccountsServiceService } from '@books/proto'
import type { Handlers } from '@books/rpc'
import type { AccountsDeps } from './methods/deps.ts'
import { createEmail } from './methods/email.ts'
import { createPassword } from './methods/password.ts'
import { createProfile } from './methods/profile.ts'
import { createSessions } from './methods/sessions.ts'
import { createSignIn } from './methods/sign-in.ts'
import { createSignUp } from './methods/sign-up.ts'
import { createSubscribers } from './methods/subscribers.ts'

/** Answers the Accounts API. */
export function createAccounts(deps: AccountsDeps): Handlers<typeof AccountsServiceService> {
  return {
    ...createSignUp(deps),
    ...createSignIn(deps),
    ...createSessions(deps),
    ...createPassword(deps),
    ...createEmail(deps),
    ...createProfile(deps),
    ...createSubscribers(deps),
  }
}
