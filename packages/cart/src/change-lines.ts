import { type ErrorDetails, failedPrecondition } from '@books/rpc'
import { type Book, currencyOf, type FindBook, type Line } from './line.ts'

/** How many lines a cart may have. */
export const mostLines = 50
/** How many copies a line may have. */
export const mostCopies = 20

/** Adds copies of a book. Throws FAILED_PRECONDITION where the cart does not take them. */
export function addCopies(lines: readonly Line[], book: Book, copies: number, findBook: FindBook): Line[] {
  const present = lines.find(({ bookId }) => bookId === book.id)?.copies ?? 0
  if (present + copies > mostCopies) {
    throw refusal('TOO_MANY_COPIES', `A cart takes ${mostCopies} copies of a book`, { copies: String(present) })
  }
  if (present > 0) return setCopies(lines, book.id, present + copies)

  const problem = problemOf(lines, book.currency, findBook)
  if (problem === 'full') throw refusal('CART_FULL', `A cart takes ${mostLines} books`)
  if (problem === 'other currency') {
    const currency = currencyOf(lines, findBook) ?? ''
    throw refusal('OTHER_CURRENCY', 'The book has another currency than the cart', { title: book.title, currency })
  }
  const { id, title, author, priceCents, currency } = book
  return [...lines, { bookId: id, copies, title, author, addedPriceCents: priceCents, currency }]
}

/** Gives a line that is there another number of copies; 0 removes it. */
export function setCopies(lines: readonly Line[], bookId: number, copies: number): Line[] {
  if (copies === 0) return lines.filter((line) => line.bookId !== bookId)
  return lines.map((line) => (line.bookId === bookId ? { ...line, copies } : line))
}

/** Two carts in one, and the copies that it does not take. */
export interface Merged {
  lines: Line[]
  leftOut: Line[]
}

/** Adds the lines of a guest's cart to those of a reader's, as far as it takes them. */
export function mergeLines(guest: readonly Line[], reader: readonly Line[], findBook: FindBook): Merged {
  const leftOut: Line[] = []
  let lines = [...reader]
  for (const line of guest) {
    const present = lines.find(({ bookId }) => bookId === line.bookId)?.copies ?? 0
    const currency = findBook(line.bookId)?.currency ?? line.currency
    const isTaken = present > 0 || problemOf(lines, currency, findBook) === undefined
    const taken = isTaken ? Math.min(line.copies, mostCopies - present) : 0

    if (taken < line.copies) leftOut.push({ ...line, copies: line.copies - taken })
    if (taken > 0)
      lines = present > 0 ? setCopies(lines, line.bookId, present + taken) : [...lines, { ...line, copies: taken }]
  }
  return { lines, leftOut }
}

/** Why a cart does not take one more book. */
function problemOf(
  lines: readonly Line[],
  currency: string,
  findBook: FindBook,
): 'full' | 'other currency' | undefined {
  if (lines.length >= mostLines) return 'full'
  return lines.length > 0 && currencyOf(lines, findBook) !== currency ? 'other currency' : undefined
}

function refusal(reason: string, message: string, metadata: Record<string, string> = {}) {
  const details: ErrorDetails = { errorInfo: { reason, domain: 'books.cart', metadata } }
  return failedPrecondition(message, details)
}
