import type { Changes } from '@books/service/watch'
import type { AttemptStore } from '../attempts/attempt-store.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { RootStores } from '../stores.ts'

/** What the methods need. */
export interface AccountsDeps {
  stores: RootStores
  attempts: AttemptStore
  passwords: PasswordHasher
  now: () => Date
  /** Changes of the deleted readers. */
  deletions: Changes
  /** Lets the outbox look for work at once. */
  wakeOutbox(): void
}
