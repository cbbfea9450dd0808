import type { AccountsServiceService } from '@books/proto'
import type { Handlers } from '@books/rpc'
import { createWatchDeletedReaders } from './methods/deleted-readers.ts'
import type { AccountsDeps } from './methods/deps.ts'
import { createEmailMethods } from './methods/email.ts'
import { createPasswordMethods } from './methods/password.ts'
import { createProfileMethods } from './methods/profile.ts'
import { createReaderMethods } from './methods/readers.ts'
import { createSessionMethods } from './methods/sessions.ts'
import { createSignInMethods } from './methods/sign-in.ts'
import { createSignUpMethods } from './methods/sign-up.ts'

/** Answers the Accounts API. */
export function createAccounts(deps: AccountsDeps): Handlers<typeof AccountsServiceService> {
  return {
    ...createSignUpMethods(deps),
    ...createSignInMethods(deps),
    ...createSessionMethods(deps),
    ...createPasswordMethods(deps),
    ...createEmailMethods(deps),
    ...createProfileMethods(deps),
    ...createReaderMethods(deps),
    watchDeletedReaders: createWatchDeletedReaders(deps),
  }
}
