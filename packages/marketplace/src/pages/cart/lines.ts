import { type Adjustment, type Cart, type CartLine, LineAvailability } from '@books/proto'
import { formatPrice } from '../format.ts'
import { paths } from '../paths.ts'

/** A line of a cart, as templates take it. */
export interface LineEntry {
  bookId: number
  title: string
  author: string
  /** Undefined for a book that the store does not have any more. */
  href: string | undefined
  copies: number
  /** Of one copy; undefined where it is not known. */
  price: string | undefined
  /** Whether it says more than the sum. */
  showsPrice: boolean
  /** What one copy cost when it was added, where that differs. */
  oldPrice: string | undefined
  /** Of all copies. */
  sum: string | undefined
  availability: string | undefined
  /** What has to be changed before the line can be ordered. */
  problem: string | undefined
}

/** What a promotion takes off, as templates take it. */
export interface AdjustmentEntry {
  name: string
  /** The book that is free. */
  title: string
  amount: string
}

/** What the promotion of the store is called. */
export const promotionName = 'Buy two, get the cheapest third free'

/** Makes a line of a cart. */
export function lineEntry(line: CartLine, { currency }: Cart): LineEntry {
  const { bookId, title, author, copies, unitPriceCents, addedPriceCents, availability } = line
  const isGone = availability === LineAvailability.LINE_AVAILABILITY_GONE
  const priceOf = (cents: number) => (isGone ? undefined : formatPrice(cents, currency))
  return {
    ...{ bookId, title, author, copies },
    href: isGone ? undefined : paths.book(bookId),
    price: priceOf(unitPriceCents),
    showsPrice: !isGone && (copies > 1 || unitPriceCents !== addedPriceCents),
    oldPrice: unitPriceCents === addedPriceCents ? undefined : priceOf(addedPriceCents),
    sum: priceOf(copies * unitPriceCents),
    availability: availabilityText(line),
    problem: problemOf(line),
  }
}

/** Makes what a promotion takes off. */
export function adjustmentEntry({ bookId, amountCents }: Adjustment, { lines, currency }: Cart): AdjustmentEntry {
  const title = lines.find((line) => line.bookId === bookId)?.title ?? 'One copy'
  return { name: promotionName, title, amount: `−${formatPrice(amountCents, currency)}` }
}

/** What the next copies bring; undefined where nothing is near. */
export function hintText({ hint }: Cart): string | undefined {
  if (!hint || hint.copiesMissing < 1) return undefined
  return hint.copiesMissing === 1
    ? 'One more book, and the cheapest is free.'
    : `${countWord(hint.copiesMissing)} more books, and the cheapest is free.`
}

function availabilityText({ availability, copiesLeft }: CartLine): string | undefined {
  if (availability === LineAvailability.LINE_AVAILABILITY_IN_STOCK) return 'In stock'
  if (availability === LineAvailability.LINE_AVAILABILITY_FEW_LEFT) return `${copiesLeft} left`
  return undefined
}

function problemOf({ availability, copiesLeft }: CartLine): string | undefined {
  if (availability === LineAvailability.LINE_AVAILABILITY_NOT_ENOUGH)
    return `Only ${copiesLeft} left. Take fewer copies to order.`
  if (availability === LineAvailability.LINE_AVAILABILITY_OUT_OF_STOCK) return 'Out of stock. Take it out to order.'
  if (availability === LineAvailability.LINE_AVAILABILITY_GONE)
    return 'This store does not have it any more. Take it out to order.'
  return undefined
}

function countWord(count: number): string {
  return count === 2 ? 'Two' : String(count)
}
