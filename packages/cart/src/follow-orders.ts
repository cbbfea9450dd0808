import { OrderState, type TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import type { BoughtStore } from './bought-store.ts'

/** What following orders needs. */
export interface FollowOrdersDeps {
  transactions: Pick<Client<typeof TransactionsServiceService>, 'watchOrders'>
  bought: BoughtStore
  /** Called with the reader of each order that became final: promotions may have been used, or given back. */
  onFinal(readerId: number): void
  now: () => Date
  log: Log
}

/** Takes what confirmed orders bought out of their carts. */
export async function followOrders({ transactions, bought, onFinal, now, log }: FollowOrdersDeps) {
  return followRevisions({
    name: 'transactions',
    watch: transactions.watchOrders,
    startOver: bought.resetRevision,
    ...{ revision: await bought.findRevision(), log },
    async take(messages, revision) {
      const orders = messages.flatMap((message) => message.orders)
      const confirmed = orders.filter(({ state }) => state === OrderState.ORDER_STATE_CONFIRMED)
      await bought.take(confirmed, revision, now())
      for (const { readerId } of orders) onFinal(readerId)
    },
  })
}
