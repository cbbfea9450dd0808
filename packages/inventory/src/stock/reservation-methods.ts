import type {
  CommitReservationRequest,
  CommitReservationResponse,
  ReleaseReservationRequest,
  ReleaseReservationResponse,
  ReserveStockRequest,
  ReserveStockResponse,
} from '@books/proto'
import { alreadyExists, notFound } from '@books/rpc'
import { requireExpiry, requireKey, requireLines } from './fields.ts'
import { areSameLines, linesThatLack } from './reservation.ts'
import { outOfStock, reservationCommitted, reservationReleased } from './stock-errors.ts'
import type { StockDeps } from './stock-methods.ts'

/**
 * Creates the methods that change reservations. Each tries its change first. One that changed nothing is looked at, which tells
 * whether it was made already or is refused; where neither is so, another call came in between, and it is tried again.
 */
export function createReservationMethods({ reservations, stock, availability, now }: StockDeps) {
  return {
    async reserveStock(request: ReserveStockRequest): Promise<ReserveStockResponse> {
      const orderId = requireKey('order_id', request.orderId)
      const lines = requireLines(request.lines)
      const expiresAt = requireExpiry(request.expiresAt, now())

      for (;;) {
        const hasExpired = expiresAt <= now()
        const changes = hasExpired ? [] : await reservations.hold(orderId, lines, expiresAt)
        availability.publish(changes)
        if (changes.length > 0) return {}

        const known = await reservations.find(orderId)
        if (known?.state === 'released' || (!known && hasExpired)) throw reservationReleased()
        if (known && !areSameLines(known.lines, lines)) throw alreadyExists('Other lines are reserved for this order')
        if (known) return {}
        const found = await stock.list(lines.map(({ bookId }) => bookId))
        const lacking = linesThatLack(lines, new Map(found.map(({ bookId, free }) => [bookId, free])))
        if (lacking.length > 0) throw outOfStock(lacking)
      }
    },

    async commitReservation(request: CommitReservationRequest): Promise<CommitReservationResponse> {
      const orderId = requireKey('order_id', request.orderId)
      for (;;) {
        const changes = await reservations.commit(orderId)
        if (changes.length > 0) return {}

        const known = await reservations.find(orderId)
        if (!known) throw notFound('This order has no reservation')
        if (known.state === 'released') throw reservationReleased()
        if (known.state === 'committed') return {}
      }
    },

    async releaseReservation(request: ReleaseReservationRequest): Promise<ReleaseReservationResponse> {
      const orderId = requireKey('order_id', request.orderId)
      for (;;) {
        const changes = await reservations.release(orderId)
        availability.publish(changes)
        if (changes.length > 0) return {}

        const known = await reservations.find(orderId)
        if (known?.state === 'committed') throw reservationCommitted()
        if (known?.state === 'released') return {}
      }
    },
  }
}
