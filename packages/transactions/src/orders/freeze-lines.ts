import { type Pricing, priceLines } from '@books/pricing'
import type { Book } from '@books/proto'
import type { Copies } from '../tables.ts'
import type { OrderLine } from './order.ts'

/** Lines at today's prices, and what they cost in all. */
export interface FrozenLines {
  lines: OrderLine[]
  copies: number
  subtotalCents: number
  discountCents: number
  totalCents: number
  /** The promotion that takes the discount off; null where there is none. */
  promotion: string | null
}

/** Freezes the prices of lines, each of another of the books, and what promotions take off them. */
export function freezeLines(
  wanted: readonly Copies[],
  books: ReadonlyMap<number, Book>,
  promotions: readonly string[],
): FrozenLines {
  const priced = wanted.map(({ bookId, copies }) => ({
    bookId,
    copies,
    unitPriceCents: books.get(bookId)?.priceCents ?? 0,
  }))
  const pricing = priceLines(priced, { promotions })
  const lines = priced.map((line) => ({
    ...line,
    title: books.get(line.bookId)?.title ?? '',
    author: books.get(line.bookId)?.author ?? '',
    discountCents: discountOf(line.bookId, pricing),
    refundedCopies: 0,
  }))
  return {
    lines,
    copies: wanted.reduce((sum, { copies }) => sum + copies, 0),
    subtotalCents: pricing.subtotalCents,
    discountCents: pricing.subtotalCents - pricing.totalCents,
    totalCents: pricing.totalCents,
    promotion: pricing.adjustments[0]?.promotion ?? null,
  }
}

function discountOf(bookId: number, { adjustments }: Pricing): number {
  return adjustments.filter((one) => one.bookId === bookId).reduce((sum, { amountCents }) => sum + amountCents, 0)
}
