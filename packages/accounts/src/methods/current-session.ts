import { raise, unauthenticated } from '@books/rpc'
import type { Account, Session } from '../account.ts'
import type { SessionStore } from '../session-store.ts'

/** The session of a token, and its account. Throws UNAUTHENTICATED where it has ended or never was. */
export async function requireSession(
  sessions: SessionStore,
  token: string,
  now: Date,
): Promise<{ session: Session; account: Account }> {
  return (await sessions.find(token, now)) ?? raise(unauthenticated('The session has ended'))
}
