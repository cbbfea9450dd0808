import type { AccountsServiceService, TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Changes } from '@books/service/watch'
import type { WriteLimit } from '../rules/write-limit.ts'
import type { RootStores } from '../stores/stores.ts'
import type { Ranking } from './ranking.ts'

/** What the methods need. */
export interface ReviewsDeps {
  stores: RootStores
  ranking: Ranking
  /** Changes of readers' ratings. */
  changes: Changes
  transactions: Pick<Client<typeof TransactionsServiceService>, 'listBought'>
  accounts: Pick<Client<typeof AccountsServiceService>, 'getReader'>
  /** How much a new account may write. */
  writeLimit: WriteLimit
  now: () => Date
  /** Lets the outbox look for work at once. */
  wakeOutbox(): void
}
