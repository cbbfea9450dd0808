import type { Kysely } from 'kysely'
import type { Account, Session } from './account.ts'
import type { Tables } from './tables.ts'
import { createId, createToken, hashOfToken } from './token.ts'

/** How long a session lasts, in milliseconds. */
export interface SessionLifetime {
  /** Without being used. */
  idleMs: number
  /** However much it is used. */
  longestMs: number
}

/** Where a session begins. */
export interface SessionOrigin {
  network: string
  userAgent: string
}

/** Begins, finds and ends sessions. */
export interface SessionStore {
  /** Resolves to the session's token, which is kept nowhere. */
  begin(accountId: string, origin: SessionOrigin, now: Date): Promise<string>
  /** The session of a token and its account, unless it has ended; notes that it was seen. */
  find(token: string, now: Date): Promise<{ session: Session; account: Account } | undefined>
  /** Those that have not ended, the last seen first. */
  list(accountId: string, now: Date): Promise<Session[]>
  end(token: string): Promise<void>
  /** Ends all of an account but one, and resolves to how many there were. */
  endAll(accountId: string, exceptId?: string): Promise<number>
  /** Whether the account was signed in from this network before. */
  isKnownNetwork(emailKey: string, network: string): Promise<boolean>
  /** The networks from which the account was signed in. */
  listNetworks(accountId: string): Promise<string[]>
  /** Removes the sessions that have ended. */
  sweep(now: Date): Promise<void>
}

// Each request of a reader finds the session, and a write each would be many for little.
const seenEveryMs = 60_000
const longestUserAgent = 500

/** Stores sessions in the service's own tables. */
export function createSessionStore(tables: Kysely<Tables>, { idleMs, longestMs }: SessionLifetime): SessionStore {
  const lastSeenAfter = (now: Date) => new Date(now.getTime() - idleMs)
  const createdAfter = (now: Date) => new Date(now.getTime() - longestMs)

  return {
    async begin(accountId, { network, userAgent }, now) {
      const token = createToken()
      await tables
        .insertInto('sessions')
        .values({
          id: createId(),
          token_hash: hashOfToken(token),
          account_id: accountId,
          network,
          user_agent: Array.from(userAgent).slice(0, longestUserAgent).join(''),
          created_at: now,
          last_seen_at: now,
        })
        .execute()
      await tables
        .insertInto('known_networks')
        .values({ account_id: accountId, network, seen_at: now })
        .onConflict((conflict) => conflict.columns(['account_id', 'network']).doUpdateSet({ seen_at: now }))
        .execute()
      return token
    },

    async find(token, now) {
      const session = await tables
        .selectFrom('sessions')
        .selectAll()
        .where('token_hash', '=', hashOfToken(token))
        .where('last_seen_at', '>', lastSeenAfter(now))
        .where('created_at', '>', createdAfter(now))
        .executeTakeFirst()
      if (!session) return undefined
      const account = await tables
        .selectFrom('accounts')
        .selectAll()
        .where('id', '=', session.account_id)
        .executeTakeFirst()
      if (!account) return undefined
      if (now.getTime() - session.last_seen_at.getTime() < seenEveryMs) return { session, account }

      await tables.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', session.id).execute()
      return { session: { ...session, last_seen_at: now }, account }
    },

    list: (accountId, now) =>
      tables
        .selectFrom('sessions')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('last_seen_at', '>', lastSeenAfter(now))
        .where('created_at', '>', createdAfter(now))
        .orderBy('last_seen_at', 'desc')
        .orderBy('id')
        .execute(),

    async end(token) {
      await tables.deleteFrom('sessions').where('token_hash', '=', hashOfToken(token)).execute()
    },

    async endAll(accountId, exceptId = '') {
      const { numDeletedRows } = await tables
        .deleteFrom('sessions')
        .where('account_id', '=', accountId)
        .where('id', '<>', exceptId)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },

    async isKnownNetwork(emailKey, network) {
      const known = await tables
        .selectFrom('known_networks')
        .innerJoin('accounts', 'accounts.id', 'known_networks.account_id')
        .select('known_networks.network')
        .where('accounts.email_key', '=', emailKey)
        .where('known_networks.network', '=', network)
        .executeTakeFirst()
      return known !== undefined
    },

    async listNetworks(accountId) {
      const rows = await tables
        .selectFrom('known_networks')
        .select('network')
        .where('account_id', '=', accountId)
        .orderBy('network')
        .execute()
      return rows.map(({ network }) => network)
    },

    async sweep(now) {
      await tables
        .deleteFrom('sessions')
        .where((where) =>
          where.or([where('last_seen_at', '<=', lastSeenAfter(now)), where('created_at', '<=', createdAfter(now))]),
        )
        .execute()
      await tables.deleteFrom('known_networks').where('seen_at', '<=', createdAfter(now)).execute()
    },
  }
}
