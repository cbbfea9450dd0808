/** Copies of a book. */
export interface Line {
  bookId: number
  copies: number
}

/** What an order holds, has bought or has given back. */
export interface Reservation {
  state: 'held' | 'committed' | 'released'
  /** One for each book, in the order of ids; none for a release that came before its reservation. */
  lines: Line[]
}

/** One line for each book, in the order of ids. */
export function sumLines(lines: readonly Line[]): Line[] {
  const sums = new Map<number, number>()
  for (const { bookId, copies } of lines) sums.set(bookId, (sums.get(bookId) ?? 0) + copies)
  return [...sums].map(([bookId, copies]) => ({ bookId, copies })).sort((one, other) => one.bookId - other.bookId)
}

/** Whether two lists of summed lines are the same. */
export function areSameLines(some: readonly Line[], others: readonly Line[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ bookId, copies }, index) => others[index]?.bookId === bookId && others[index].copies === copies)
  )
}

/** The lines that ask for more copies than are free, each with the number of those. */
export function linesThatLack(lines: readonly Line[], freeById: ReadonlyMap<number, number>) {
  return lines
    .map((line) => ({ ...line, free: freeById.get(line.bookId) ?? 0 }))
    .filter(({ copies, free }) => copies > free)
}
