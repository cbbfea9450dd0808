import type { Line } from '../history/history.ts'
import type { Invariant } from './invariant.ts'

/** No answer and no table has fewer than no copies of a book. */
export const freeIsNeverNegative: Invariant = ({ history, tables }) =>
  [...history.stockSeen, ...tables.stock]
    .filter(({ free, held, sold }) => Math.min(free, held, sold) < 0)
    .map(({ bookId, free, held, sold }) => `book ${bookId}: ${free} free, ${held} held, ${sold} sold`)

/** Of every book, what is free, held and sold is what was received, at rest and in each answer. */
export const copiesAddUp: Invariant = ({ history, tables }) => {
  const received = sumOf(history.supplies)
  return tables.stock.flatMap(({ bookId, free, held, sold }) => {
    const sum = free + held + sold
    const expected = received.get(bookId) ?? 0
    return sum === expected
      ? []
      : [`book ${bookId}: ${free} free + ${held} held + ${sold} sold = ${sum}, and ${expected} were received`]
  })
}

/** Of every book, what is held and sold is what reservations hold and sold, less what came back. */
export const copiesBelongToOrders: Invariant = ({ tables }) => {
  const linesOf = (state: string) => tables.reservations.flatMap((row) => (row.state === state ? row.lines : []))
  const held = sumOf(linesOf('held'))
  const sold = sumOf(linesOf('committed'))
  const returned = sumOf(tables.orders.flatMap((order) => order.returned))

  return tables.stock.flatMap((row) => {
    const expectedHeld = held.get(row.bookId) ?? 0
    const expectedSold = (sold.get(row.bookId) ?? 0) - (returned.get(row.bookId) ?? 0)
    return row.held === expectedHeld && row.sold === expectedSold
      ? []
      : [
          `book ${row.bookId}: ${row.held} held and ${row.sold} sold, and orders have ${expectedHeld} and ${expectedSold}`,
        ]
  })
}

/** Copies by book. */
export function sumOf(lines: readonly Line[]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const { bookId, copies } of lines) sums.set(bookId, (sums.get(bookId) ?? 0) + copies)
  return sums
}
