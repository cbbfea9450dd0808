import { type FinalOrder, OrderState, type TransactionsServiceService } from '@books/proto'
import type { Client } from '@books/rpc'
import type { Log } from '@books/runtime'
import { followRevisions } from '@books/service/watch'
import type { FollowedInteractions } from './followed-interactions.ts'
import type { Interaction } from './interaction.ts'

/** What following orders needs. */
export interface FollowOrdersDeps {
  transactions: Pick<Client<typeof TransactionsServiceService>, 'watchOrders'>
  orders: FollowedInteractions
  /** Called with new interactions once they are recorded. */
  onRecorded(interactions: readonly Interaction[]): void
  now: () => Date
  log: Log
}

/** Records what readers bought, once. Guests' orders tell nothing of a reader. */
export async function followOrders({ transactions, orders, onRecorded, now, log }: FollowOrdersDeps) {
  return followRevisions({
    name: 'transactions',
    watch: transactions.watchOrders,
    startOver: orders.resetRevision,
    ...{ revision: await orders.findRevision(), log },
    async take(messages, revision) {
      const bought = messages.flatMap((message) => message.orders.flatMap((order) => interactionsOf(order, now())))
      onRecorded(await orders.record(bought, revision))
    },
  })
}

function interactionsOf({ id, state, readerId, lines, finalAt }: FinalOrder, now: Date): Interaction[] {
  if (state !== OrderState.ORDER_STATE_CONFIRMED || readerId < 1) return []
  return lines.map(({ bookId }) => ({
    ...{ id: `order-${id}-${bookId}`, readerId, bookId, time: finalAt ?? now },
    ...{ kind: 'bought', rating: 0 },
  }))
}
