import type { AccountsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import type { RootStores } from '../stores/stores.ts'

/** What forgetting readers takes. */
export interface ForgetReadersDeps {
  accounts: Pick<Client<typeof AccountsServiceService>, 'watchDeletedReaders'>
  stores: RootStores
  log: Log
}

/** Follows which accounts were deleted, and takes their readers out of reviews, votes and reports. */
export async function startForgettingReaders({ accounts, stores, log }: ForgetReadersDeps) {
  return followRevisions({
    name: 'accounts',
    watch: accounts.watchDeletedReaders,
    startOver: stores.accounts.reset,
    ...{ revision: await stores.accounts.findRevision(), log },
    async take(messages, revision) {
      const readerIds = messages.flatMap((message) => message.readerIds)
      const isCurrent = messages.some((message) => message.isCurrent)
      await stores.transact(async (own) => {
        if ((await own.accounts.advance(revision, isCurrent)) !== 'behind') await own.readers.forget(readerIds)
      })
    },
  })
}
