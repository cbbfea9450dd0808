import type { Line } from '../history/history.ts'

/** What a customer knows to have put into a cart, and has not bought. */
export interface OwnCart {
  readonly id: string
  /** Notes an addition that was answered. */
  add(line: Line): void
  /** Notes what a confirmed order bought. */
  buy(lines: readonly Line[]): void
  /** Leaves a book in the cart, and out of orders. */
  setAside(bookId: number): void
  /** What can be ordered. */
  lines(): Line[]
}

/** An empty cart. */
export function createOwnCart(id: string): OwnCart {
  const copiesOf = new Map<number, number>()
  const aside = new Set<number>()
  const change = (bookId: number, copies: number) => void copiesOf.set(bookId, (copiesOf.get(bookId) ?? 0) + copies)
  return {
    id,
    add: ({ bookId, copies }) => change(bookId, copies),
    buy(lines) {
      for (const { bookId, copies } of lines) change(bookId, -copies)
    },
    setAside: (bookId) => void aside.add(bookId),
    lines: () =>
      [...copiesOf]
        .filter(([bookId, copies]) => copies > 0 && !aside.has(bookId))
        .map(([bookId, copies]) => ({ bookId, copies })),
  }
}
