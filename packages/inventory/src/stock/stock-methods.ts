import type { AdjustStockRequest, AdjustStockResponse, GetStockRequest, GetStockResponse } from '@books/proto'
import { invalidArgument } from '@books/rpc'
import { adjustStock } from './adjust-stock.ts'
import { problemOfDelta } from './adjustment.ts'
import type { AvailabilityPublisher } from './availability-publisher.ts'
import { requireIds, requireKey, requireReason } from './fields.ts'
import type { ReservationStore } from './reservation-store.ts'
import type { StockStore } from './stock-store.ts'

/** What the methods of stock need. */
export interface StockDeps {
  stock: StockStore
  reservations: ReservationStore
  availability: Pick<AvailabilityPublisher, 'publish'>
  now: () => Date
}

/** Creates the methods that read and adjust stock. */
export function createStockMethods({ stock, availability }: StockDeps) {
  return {
    async getStock({ bookIds }: GetStockRequest): Promise<GetStockResponse> {
      const found = await stock.list([...new Set(requireIds('book_ids', bookIds))])
      const byId = new Map(found.map((each) => [each.bookId, each]))
      return { stock: bookIds.map((bookId) => byId.get(bookId) ?? { bookId, free: 0, held: 0, sold: 0 }) }
    },

    async adjustStock(request: AdjustStockRequest): Promise<AdjustStockResponse> {
      const key = requireKey('key', request.key)
      const { bookId, delta } = request
      const reason = requireReason(request.reason)
      const problem = problemOfDelta({ delta, reason })
      if (problem) throw invalidArgument('delta', problem)

      const { after, changes } = await adjustStock(stock, key, { bookId, delta, reason })
      availability.publish(changes)
      return { stock: after }
    },
  }
}
