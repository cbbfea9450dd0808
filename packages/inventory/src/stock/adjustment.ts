/** Why the number of copies changes: a supplier sent them, they were lost or counted wrong, or a customer sent them back. */
export type AdjustmentReason = 'received' | 'corrected' | 'returned'

/** A change of the free copies of a book. */
export interface Adjustment {
  bookId: number
  delta: number
  reason: AdjustmentReason
}

const mostCopies = 1_000_000

/** What is wrong with the number of copies of an adjustment. */
export function problemOfDelta({ delta, reason }: Pick<Adjustment, 'delta' | 'reason'>): string | undefined {
  if (!Number.isInteger(delta) || delta === 0 || Math.abs(delta) > mostCopies) {
    return `must be a number of copies up to ${mostCopies.toLocaleString('en')}, and not 0`
  }
  return delta < 0 && reason !== 'corrected' ? 'must be positive where copies are received or returned' : undefined
}

/** Whether two adjustments are the same. */
export function isSameAdjustment(one: Adjustment, other: Adjustment): boolean {
  return one.bookId === other.bookId && one.delta === other.delta && one.reason === other.reason
}
