import { failedPrecondition, type RpcError } from '@books/rpc'
import type { Line } from './reservation.ts'

/** Books that have fewer free copies than were asked for. */
export function outOfStock(lacking: readonly (Line & { free: number })[]): RpcError {
  const free = lacking.map(({ bookId, free }) => [`free_${bookId}`, String(free)])
  const bookIds = lacking.map(({ bookId }) => bookId).join(',')
  return refused('OUT_OF_STOCK', 'Too few copies are free', { book_ids: bookIds, ...Object.fromEntries(free) })
}

/** A reservation that cannot be committed any more. */
export function reservationReleased(): RpcError {
  return refused('RESERVATION_RELEASED', 'The reservation was released or has expired')
}

/** A reservation that cannot be released any more. */
export function reservationCommitted(): RpcError {
  return refused('RESERVATION_COMMITTED', 'The copies of the reservation are sold')
}

/** An adjustment that would leave fewer copies than none. */
export function notEnoughCopies(): RpcError {
  return refused('NOT_ENOUGH_COPIES', 'Fewer copies are there than would go')
}

function refused(reason: string, message: string, metadata: Record<string, string> = {}): RpcError {
  return failedPrecondition(message, { errorInfo: { reason, domain: 'books.inventory', metadata } })
}
