import type { AccountsServiceService } from '@books/proto'
import { type Handlers, raise, unauthenticated } from '@books/rpc'
import { toAccountMessage } from '../account.ts'
import { accountDeleted } from '../mails/mails.ts'
import { enqueueNotice, forgetMails } from '../mails/notice.ts'
import { requirePasswordOf } from './checked-password.ts'
import { requireSession } from './current-session.ts'
import type { AccountsDeps } from './deps.ts'
import { requireName } from './fields.ts'

/** Changes, exports and deletes accounts. */
export function createProfileMethods(
  deps: AccountsDeps,
): Pick<Handlers<typeof AccountsServiceService>, 'updateProfile' | 'exportAccount' | 'deleteAccount'> {
  const { stores, now, wakeOutbox } = deps
  return {
    async updateProfile({ sessionToken, name, acceptsOffers }) {
      const change = { name: name === undefined ? undefined : requireName(name), acceptsOffers }
      const { account } = await requireSession(stores.sessions, sessionToken, now())
      const changed = await stores.accounts.update(account.id, change)
      return { account: toAccountMessage(changed ?? raise(unauthenticated('The session has ended'))) }
    },

    async exportAccount({ sessionToken }) {
      const { account, session } = await requireSession(stores.sessions, sessionToken, now())
      const { name, email, reader_id, accepts_offers, created_at } = account
      const open = await stores.sessions.list(account.id, now())
      const sessions = open.map(({ id, network, user_agent, created_at: since, last_seen_at }) => ({
        ...{ network, userAgent: user_agent, since, lastSeen: last_seen_at },
        isCurrent: id === session.id,
      }))
      const knownNetworks = await stores.sessions.listNetworks(account.id)
      const facts = {
        name,
        email,
        readerId: reader_id,
        acceptsOffers: accepts_offers,
        createdAt: created_at,
        sessions,
        knownNetworks,
      }
      return { json: JSON.stringify(facts, undefined, 2) }
    },

    async deleteAccount({ sessionToken, password }, { signal }) {
      const { account } = await requireSession(stores.sessions, sessionToken, now())
      await requirePasswordOf({ field: 'password', account, password }, deps, signal)
      await stores.transact(async ({ accounts, links, deletedReaders, tables }) => {
        await links.removeOf({ id: account.id, emailKey: account.email_key })
        // Another request may have been first.
        if (!(await accounts.delete(account.id))) return
        await deletedReaders.add(account.reader_id)
        await forgetMails(tables, account.email)
        await enqueueNotice(tables, account.email, accountDeleted(account))
      })
      wakeOutbox()
      return {}
    },
  }
}
