import type { WatchOrdersResponse } from '@books/proto'
import { type Changes, createWatch } from '@books/service/watch'
import type { FinalOrder, FinalOrderStore } from '../orders/final-order-store.ts'
import { stateMessages } from '../orders/order-state.ts'

/** Tells every order that became final. */
export function createWatchOrders({ newestRevision, listAfter }: FinalOrderStore, changes: Changes) {
  return createWatch<FinalOrder, WatchOrdersResponse>({
    ...{ newestRevision, listChanged: listAfter, changes },
    toResponse: (orders, revision, isCurrent) => ({ orders: orders.map(toMessage), revision, isCurrent }),
  })
}

function toMessage({ id, state, cart_id, reader_id, lines, final_at }: FinalOrder) {
  return { id, state: stateMessages[state], cartId: cart_id, readerId: reader_id, lines, finalAt: final_at }
}
