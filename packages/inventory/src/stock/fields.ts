import { type ReserveStockRequest, StockReason } from '@books/proto'
import { invalidArgument } from '@books/rpc'
import type { AdjustmentReason } from './adjustment.ts'
import { type Line, sumLines } from './reservation.ts'

const mostIds = 500
const mostLines = 100
const mostCopies = 1_000
const longestHoldMs = 7 * 24 * 60 * 60_000

/** Reads the ids of books. */
export function requireIds(field: string, ids: readonly number[]): readonly number[] {
  if (ids.length > mostIds) throw invalidArgument(field, `must have at most ${mostIds} ids`)
  return ids
}

/** Reads what names a change, so that it is made once. */
export function requireKey(field: string, key: string): string {
  if (!isKey(key)) throw invalidArgument(field, 'must be 1 to 100 printable ASCII characters')
  return key
}

/** Whether a text may name a change: 1 to 100 printable ASCII characters. */
export function isKey(key: string): boolean {
  return /^[ -~]{1,100}$/.test(key)
}

/** Reads the lines of a reservation, one for each book. */
export function requireLines(lines: ReserveStockRequest['lines']): Line[] {
  if (lines.length < 1 || lines.length > mostLines) {
    throw invalidArgument('lines', `must have 1 to ${mostLines} lines`)
  }
  for (const [index, { bookId, copies }] of lines.entries()) {
    if (bookId < 1) throw invalidArgument(`lines[${index}].book_id`, 'must be positive')
    if (copies < 1 || copies > mostCopies) {
      throw invalidArgument(`lines[${index}].copies`, `must be from 1 to ${mostCopies.toLocaleString('en')}`)
    }
  }
  return sumLines(lines)
}

/** Reads when a hold ends, which may be in the past. */
export function requireExpiry(expiresAt: Date | undefined, now: Date): Date {
  // Also false for a time that a Date cannot hold.
  if (expiresAt && expiresAt.getTime() <= now.getTime() + longestHoldMs) return expiresAt
  throw invalidArgument('expires_at', 'must be at most 7 days from now')
}

/** Reads why the number of copies changes. */
export function requireReason(reason: StockReason): AdjustmentReason {
  const known = reasons.get(reason)
  if (!known) throw invalidArgument('reason', 'must be one of the contract')
  return known
}

const reasons = new Map<StockReason, AdjustmentReason>([
  [StockReason.STOCK_REASON_RECEIVED, 'received'],
  [StockReason.STOCK_REASON_CORRECTED, 'corrected'],
  [StockReason.STOCK_REASON_RETURNED, 'returned'],
])
