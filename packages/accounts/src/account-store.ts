import type { Kysely } from 'kysely'
import type { Account } from './account.ts'
import type { Tables } from './tables.ts'

/** What an account is made of. */
export interface NewAccount {
  id: string
  name: string
  email: string
  emailKey: string
  password: string
  acceptsOffers: boolean
}

/** Finds and changes accounts. Methods of a transaction take part in it. */
export interface AccountStore {
  findById(id: string): Promise<Account | undefined>
  findByEmail(emailKey: string): Promise<Account | undefined>
  findByReaderId(readerId: number): Promise<Account | undefined>
  /** The same as `findById`; no other transaction changes the account before this one ends. */
  lock(id: string): Promise<Account | undefined>
  /** Undefined where the address has an account. */
  add(account: NewAccount, now: Date): Promise<Account | undefined>
  setPassword(id: string, password: string): Promise<void>
  /** Undefined where another account has the address; a unique violation where it gets it at the same time. */
  setEmail(id: string, email: string, emailKey: string): Promise<Account | undefined>
  /** Leaves as it is what is undefined. */
  update(
    id: string,
    change: { name: string | undefined; acceptsOffers: boolean | undefined },
  ): Promise<Account | undefined>
  /** Removes the account, its sessions and links. Whether there was one. */
  delete(id: string): Promise<boolean>
  /** A page of those who accept offers, by reader ids, after this one. */
  listSubscribers(afterReaderId: number, limit: number): Promise<Account[]>
}

/** Stores accounts in the service's own tables. */
export function createAccountStore(tables: Kysely<Tables>): AccountStore {
  return {
    findById: (id) => tables.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst(),

    findByEmail: (emailKey) =>
      tables.selectFrom('accounts').selectAll().where('email_key', '=', emailKey).executeTakeFirst(),

    findByReaderId: (readerId) =>
      tables.selectFrom('accounts').selectAll().where('reader_id', '=', readerId).executeTakeFirst(),

    lock: (id) => tables.selectFrom('accounts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),

    add: ({ id, name, email, emailKey, password, acceptsOffers }, now) =>
      tables
        .insertInto('accounts')
        .values({ id, name, email, email_key: emailKey, password, accepts_offers: acceptsOffers, created_at: now })
        .onConflict((conflict) => conflict.column('email_key').doNothing())
        .returningAll()
        .executeTakeFirst(),

    async setPassword(id, password) {
      await tables.updateTable('accounts').set({ password }).where('id', '=', id).execute()
    },

    setEmail: (id, email, emailKey) =>
      tables
        .updateTable('accounts')
        .set({ email, email_key: emailKey })
        .where('id', '=', id)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('accounts as other')
                .select('other.id')
                .where('other.email_key', '=', emailKey)
                .where('other.id', '<>', id),
            ),
          ),
        )
        .returningAll()
        .executeTakeFirst(),

    update: (id, { name, acceptsOffers }) =>
      tables
        .updateTable('accounts')
        .set(({ ref }) => ({ name: name ?? ref('name'), accepts_offers: acceptsOffers ?? ref('accepts_offers') }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),

    async delete(id) {
      const { numDeletedRows } = await tables.deleteFrom('accounts').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },

    listSubscribers: (afterReaderId, limit) =>
      tables
        .selectFrom('accounts')
        .selectAll()
        .where('accepts_offers', '=', true)
        .where('reader_id', '>', afterReaderId)
        .orderBy('reader_id')
        .limit(limit)
        .execute(),
  }
}
