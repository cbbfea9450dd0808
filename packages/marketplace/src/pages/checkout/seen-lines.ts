import type { Cart } from '@books/proto'

/** A line as the customer was shown it. */
export interface SeenLine {
  bookId: number
  copies: number
  unitPriceCents: number
}

const pattern = /^\d{1,10}x\d{1,2}@\d{1,12}(\.\d{1,10}x\d{1,2}@\d{1,12}){0,49}$/

/** The lines of a cart as text for a form, such as `5x2@1299.6x1@999`. */
export function encodeLines(lines: readonly SeenLine[]): string {
  return lines.map(({ bookId, copies, unitPriceCents }) => `${bookId}x${copies}@${unitPriceCents}`).join('.')
}

/** Reads what `encodeLines` returned; undefined for any other text. */
export function decodeLines(text: string): SeenLine[] | undefined {
  if (!pattern.test(text)) return undefined
  return text.split('.').map((line) => {
    const [bookId = 0, copies = 0, unitPriceCents = 0] = line.split(/[x@]/).map(Number)
    return { bookId, copies, unitPriceCents }
  })
}

/** Whether a cart has these copies of these books, at whatever price. */
export function hasSameCopies(lines: readonly SeenLine[], cart: Cart): boolean {
  const textOf = (each: readonly Pick<SeenLine, 'bookId' | 'copies'>[]) =>
    each
      .map(({ bookId, copies }) => `${bookId}x${copies}`)
      .sort()
      .join()
  return textOf(lines) === textOf(cart.lines)
}
