import type { AttemptStore } from '../attempts/attempt-store.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { Database } from '../stores.ts'

/** What the methods need. */
export interface AccountsDeps {
  database: Database
  attempts: AttemptStore
  passwords: PasswordHasher
  now: () => Date
  /** Lets the outbox look for work at once. */
  wakeOutbox(): void
}
