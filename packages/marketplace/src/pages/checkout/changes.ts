import type { Cart } from '@books/proto'
import { formatPrice } from '../format.ts'
import type { SeenLine } from './seen-lines.ts'

/** Sentences about how a cart differs from what the customer was shown. */
export function changesOf(seen: readonly SeenLine[], { lines, currency }: Cart): string[] {
  const seenOf = (id: number) => seen.find(({ bookId }) => bookId === id)
  const changed = lines.flatMap(({ bookId, title, copies, unitPriceCents }) => {
    const before = seenOf(bookId)
    if (!before) return [`${title} has been added to the cart.`]
    const sentences: string[] = []
    if (before.copies !== copies) sentences.push(`There ${copiesAre(copies)} of ${title} now, not ${before.copies}.`)
    if (before.unitPriceCents !== unitPriceCents)
      sentences.push(
        `${title} costs ${formatPrice(unitPriceCents, currency)} now, not ${formatPrice(before.unitPriceCents, currency)}.`,
      )
    return sentences
  })
  const removed = seen.filter(({ bookId }) => !lines.some((line) => line.bookId === bookId)).length
  if (removed > 0) changed.push(`${removed === 1 ? 'One book is' : `${removed} books are`} not in the cart any more.`)
  return changed
}

function copiesAre(copies: number): string {
  return copies === 1 ? 'is one copy' : `are ${copies} copies`
}
