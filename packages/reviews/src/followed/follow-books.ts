import type { InventoryServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import { addSamples } from '../samples/add-samples.ts'
import type { Book } from '../stores/book-store.ts'
import type { RootStores } from '../stores/stores.ts'

/** What following books needs. */
export interface FollowBooksDeps {
  inventory: Pick<Client<typeof InventoryServiceService>, 'watchBooks'>
  stores: RootStores
  log: Log
}

/** Keeps which books inventory has. Once they are all known for the first time, the default store gets its samples. */
export async function followBooks({ inventory, stores, log }: FollowBooksDeps) {
  return followRevisions({
    name: 'inventory',
    watch: inventory.watchBooks,
    startOver: stores.inventory.reset,
    ...{ revision: await stores.inventory.findRevision(), log },
    async take(messages, revision) {
      const isCurrent = messages.some((message) => message.isCurrent)
      const books = new Map<number, Book>()
      for (const message of messages) {
        for (const { id, title, category } of message.books) books.set(id, { id, title, category })
      }
      await stores.transact(async (own) => {
        const advance = await own.inventory.advance(revision, isCurrent)
        if (advance === 'behind') return
        await own.books.save([...books.values()])
        if (advance === 'complete') await addSamples(own)
      })
    },
  })
}
