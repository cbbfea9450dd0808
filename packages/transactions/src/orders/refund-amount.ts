import type { Copies } from '../tables.ts'
import type { OrderLine } from './order.ts'

/** Copies to be refunded, and what is given back for them. */
export interface RefundAmount {
  lines: Copies[]
  amountCents: number
}

/**
 * What is given back for copies of an order, or for all that were not refunded where none are named. A copy gives back its frozen
 * price; the one that a promotion made cheaper comes back last, at what was paid for it. Undefined where fewer copies are left.
 */
export function refundAmountOf(lines: readonly OrderLine[], wanted: readonly Copies[]): RefundAmount | undefined {
  const all = lines.map(({ bookId, copies, refundedCopies }) => ({ bookId, copies: copies - refundedCopies }))
  const chosen = (wanted.length > 0 ? wanted : all).filter(({ copies }) => copies > 0)
  let amountCents = 0
  for (const { bookId, copies } of chosen) {
    const line = lines.find((one) => one.bookId === bookId)
    const left = line ? line.copies - line.refundedCopies : 0
    if (!line || copies > left) return undefined
    amountCents += copies * line.unitPriceCents - (copies === left ? line.discountCents : 0)
  }
  return chosen.length > 0 ? { lines: chosen, amountCents } : undefined
}
