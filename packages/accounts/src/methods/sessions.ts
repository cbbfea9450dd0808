import type { AccountsServiceService } from '@books/proto'
import type { Handlers } from '@books/rpc'
import { toAccountMessage, toSessionMessage } from '../account.ts'
import { requireSession } from './current-session.ts'
import type { AccountsDeps } from './deps.ts'

/** Finds and ends sessions. */
export function createSessionMethods({
  stores: { sessions },
  now,
}: AccountsDeps): Pick<
  Handlers<typeof AccountsServiceService>,
  'getSession' | 'listSessions' | 'signOut' | 'endOtherSessions'
> {
  return {
    async getSession({ sessionToken }) {
      const { account, session } = await requireSession(sessions, sessionToken, now())
      return { account: toAccountMessage(account), session: toSessionMessage(session, session.id) }
    },

    async listSessions({ sessionToken }) {
      const { session: current } = await requireSession(sessions, sessionToken, now())
      const open = await sessions.list(current.account_id, now())
      return { sessions: open.map((session) => toSessionMessage(session, current.id)) }
    },

    async signOut({ sessionToken }) {
      await sessions.end(sessionToken)
      return {}
    },

    async endOtherSessions({ sessionToken }) {
      const { session } = await requireSession(sessions, sessionToken, now())
      return { ended: await sessions.endAll(session.account_id, session.id) }
    },
  }
}
