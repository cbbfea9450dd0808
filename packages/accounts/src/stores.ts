import type { Kysely } from 'kysely'
import { type AccountStore, createAccountStore } from './account-store.ts'
import { createDeletedReaderStore, type DeletedReaderStore } from './deleted-reader-store.ts'
import { createLinkStore, type LinkStore } from './link-store.ts'
import { createSessionStore, type SessionLifetime, type SessionStore } from './session-store.ts'
import type { Tables } from './tables.ts'

/** The tables of accounts, and what is done with them. */
export interface Stores {
  tables: Kysely<Tables>
  accounts: AccountStore
  sessions: SessionStore
  links: LinkStore
  deletedReaders: DeletedReaderStore
}

/** What is kept of people, and `transact`, which does several things or none. */
export interface RootStores extends Stores {
  transact<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>
}

/** Creates the stores of the service's own tables. */
export function createStores(tables: Kysely<Tables>, lifetime: SessionLifetime): RootStores {
  const storesOf = (on: Kysely<Tables>): Stores => ({
    tables: on,
    accounts: createAccountStore(on),
    sessions: createSessionStore(on, lifetime),
    links: createLinkStore(on),
    deletedReaders: createDeletedReaderStore(on),
  })
  return {
    ...storesOf(tables),
    transact: (work) => tables.transaction().execute((transaction) => work(storesOf(transaction))),
  }
}
