import type { TransactionsServiceService } from '@books/proto'
import { type Handlers, invalidArgument } from '@books/rpc'
import { toOrderMessage } from '../orders/order.ts'
import { isFinal } from '../orders/order-state.ts'
import type { TransactionsDeps } from './deps.ts'
import { requireOwnedOrder } from './owned-order.ts'
import { readPageToken, writePageToken } from './page-token.ts'

const defaultPageSize = 24
const longestPage = 100

type Methods = 'getOrder' | 'listOrders' | 'watchOrder'

/** Shows orders to their owners. */
export function createFindMethods({
  stores,
  runner,
  orderChanges,
}: TransactionsDeps): Pick<Handlers<typeof TransactionsServiceService>, Methods> {
  return {
    async getOrder(request) {
      return { order: toOrderMessage(await requireOwnedOrder(stores.orders, request)) }
    },

    async listOrders({ readerId, pageSize, pageToken }) {
      if (readerId < 1) throw invalidArgument('reader_id', 'must be positive')
      if (pageSize < 0) throw invalidArgument('page_size', 'must not be negative')
      const after = pageToken === '' ? undefined : readPageToken(pageToken)
      const limit = Math.min(pageSize || defaultPageSize, longestPage)
      const found = await stores.orders.listOfReader(readerId, after, limit + 1)
      const page = found.slice(0, limit)
      const last = page.at(-1)?.order
      return {
        orders: page.map(toOrderMessage),
        nextPageToken: last && found.length > limit ? writePageToken({ placedAt: last.placed_at, id: last.id }) : '',
      }
    },

    async *watchOrder(request, { signal }) {
      let whole = await requireOwnedOrder(stores.orders, request)
      // The customer may just have paid.
      if (!isFinal(whole.order.state) && (await stores.steps.hint(whole.order.id))) runner.wake()
      for (;;) {
        yield { order: toOrderMessage(whole) }
        if (isFinal(whole.order.state)) return
        await orderChanges.changed(whole.order, signal)
        whole = await requireOwnedOrder(stores.orders, request)
      }
    },
  }
}
