import type { Kysely } from 'kysely'
import type { LinkPurpose, Tables } from './tables.ts'
import { createToken, hashOfToken } from './token.ts'

/** What a mailed link may do, once. */
export interface Link {
  purpose: LinkPurpose
  email: string
  emailKey: string
  /** The account that it changes; undefined where it creates one. */
  accountId?: string | undefined
}

/** Links that prove an address. */
export interface LinkStore {
  /** Resolves to the token of a new link, which is kept nowhere. */
  add(link: Link, now: Date): Promise<string>
  /** The link of a token that can still be used. */
  find(token: string, purpose: LinkPurpose, now: Date): Promise<Link | undefined>
  /** The same, and removes it: of two at the same time only one gets it. */
  take(token: string, purpose: LinkPurpose, now: Date): Promise<Link | undefined>
  /** Removes the links that change an account, or that an address was sent to create one. */
  removeOf(account: { id: string; emailKey: string }): Promise<void>
  sweep(now: Date): Promise<void>
}

const hour = 60 * 60_000

/** How long a link can be used, in milliseconds: OWASP ASVS 5.0, 6.4 asks for less for what resets a password. */
const linkLifetimesMs: Readonly<Record<LinkPurpose, number>> = {
  'sign-up': 24 * hour,
  'password-reset': hour / 2,
  'email-change': 24 * hour,
}

/** Stores links in the service's own tables. */
export function createLinkStore(tables: Kysely<Tables>): LinkStore {
  return {
    async add({ purpose, email, emailKey, accountId }, now) {
      const token = createToken()
      await tables
        .insertInto('links')
        .values({
          token_hash: hashOfToken(token),
          purpose,
          email,
          email_key: emailKey,
          account_id: accountId ?? null,
          expires_at: new Date(now.getTime() + linkLifetimesMs[purpose]),
        })
        .execute()
      return token
    },

    async find(token, purpose, now) {
      const row = await tables
        .selectFrom('links')
        .selectAll()
        .where('token_hash', '=', hashOfToken(token))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row && linkOf(row)
    },

    async take(token, purpose, now) {
      const row = await tables
        .deleteFrom('links')
        .where('token_hash', '=', hashOfToken(token))
        .where('purpose', '=', purpose)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst()
      return row && linkOf(row)
    },

    async removeOf({ id, emailKey }) {
      await tables
        .deleteFrom('links')
        .where((where) => where.or([where('account_id', '=', id), where('email_key', '=', emailKey)]))
        .execute()
    },

    async sweep(now) {
      await tables.deleteFrom('links').where('expires_at', '<=', now).execute()
    },
  }
}

function linkOf(row: { purpose: LinkPurpose; email: string; email_key: string; account_id: string | null }): Link {
  return { purpose: row.purpose, email: row.email, emailKey: row.email_key, accountId: row.account_id ?? undefined }
}
