import { promotions } from '@books/pricing'
import type { TransactionsServiceService } from '@books/proto'
import { type Handlers, RpcError, unavailable } from '@books/rpc'
import { createOfferStore } from '../campaign/offer-store.ts'
import type { TransactionsDeps } from './deps.ts'

const batchSize = 200
const [promotion] = promotions

/** Mails the promotion. */
export function createCampaignMethods({
  stores: { tables },
  accounts,
  wakeOutbox,
}: TransactionsDeps): Pick<Handlers<typeof TransactionsServiceService>, 'runCampaign'> {
  const offers = createOfferStore(tables)
  return {
    async *runCampaign(_, { signal }) {
      let [readers, mailed] = [0, 0]
      const batch: number[] = []
      async function mail() {
        readers += batch.length
        mailed += await offers.add(promotion, batch.splice(0))
        wakeOutbox()
        return { readers, mailed }
      }
      try {
        for await (const { readerId } of accounts.listSubscribers(
          {},
          { deadlineMs: Number.POSITIVE_INFINITY, signal },
        )) {
          if (batch.push(readerId) === batchSize) yield await mail()
        }
      } catch (error) {
        throw error instanceof RpcError && !signal.aborted ? unavailable('Subscribers cannot be read just now') : error
      }
      yield await mail()
    },
  }
}
