import type { Order, Owner, TransactionsServiceService } from '@books/proto'
import { type Client, unavailable } from '@books/rpc'

// A page that is shown a moment later needs no second look at most orders.
const waitMs = 1_000

/**
 * Finds an order, and waits a moment for it to become final. Rejects with the error of transactions where it does not answer with
 * the order at all.
 */
export async function findOrder(
  { watchOrder }: Pick<Client<typeof TransactionsServiceService>, 'watchOrder'>,
  request: { orderId: string; owner: Owner },
  { deadlineMs }: { deadlineMs: number },
): Promise<Order> {
  const ending = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let order: Order | undefined
  try {
    for await (const message of watchOrder(request, { deadlineMs, signal: ending.signal })) {
      order = message.order ?? order
      timer ??= setTimeout(() => ending.abort(), waitMs)
    }
  } catch (error) {
    if (!order) throw error
  } finally {
    clearTimeout(timer)
  }
  if (!order) throw unavailable('transactions answered without an order')
  return order
}
