import { type Pricing, priceLines } from '@books/pricing'
import { type Cart, type CartLine, LineAvailability } from '@books/proto'
import { type Book, currencyOf, type FindBook, type Line } from './line.ts'

/** A cart as it is kept. */
export interface StoredCart {
  id: string
  lines: readonly Line[]
  /** Undefined where nothing was ever added. */
  changedAt: Date | undefined
}

/** What a cart is priced with. */
export interface CartPrices {
  findBook: FindBook
  /** Whether the books are known; without them lines have the prices with which they were added. */
  isPriced: boolean
  /** The promotions that the customer may use. */
  promotions: readonly string[]
}

/** The message of a cart, priced as of now. A book that has another currency by now counts as gone. */
export function priceCart({ id, lines, changedAt }: StoredCart, { findBook, isPriced, promotions }: CartPrices): Cart {
  const currency = currencyOf(lines, findBook) ?? ''
  const priced = lines.map((line) => {
    const book = isPriced ? findBook(line.bookId) : undefined
    return isPriced ? toLine(line, book?.currency === currency ? book : undefined) : toUnpricedLine(line)
  })
  const { subtotalCents, adjustments, totalCents, hint } = price(priced, promotions)
  return {
    ...{ id, lines: priced, adjustments, subtotalCents, totalCents, currency, hint, changedAt },
    copies: lines.reduce((sum, { copies }) => sum + copies, 0),
    isPriced,
  }
}

function price(lines: readonly CartLine[], promotions: readonly string[]): Pricing {
  return priceLines(
    lines.filter(({ availability }) => availability !== LineAvailability.LINE_AVAILABILITY_GONE),
    { promotions },
  )
}

function toUnpricedLine({ bookId, copies, title, author, addedPriceCents }: Line): CartLine {
  const availability = LineAvailability.LINE_AVAILABILITY_UNSPECIFIED
  return {
    bookId,
    title,
    author,
    copies,
    unitPriceCents: addedPriceCents,
    addedPriceCents,
    availability,
    copiesLeft: 0,
  }
}

function toLine(line: Line, book: Book | undefined): CartLine {
  const { bookId, copies, addedPriceCents } = line
  const { title, author } = book ?? line
  const availability = availabilityOf(copies, book)
  const isScarce =
    availability === LineAvailability.LINE_AVAILABILITY_FEW_LEFT ||
    availability === LineAvailability.LINE_AVAILABILITY_NOT_ENOUGH
  return {
    ...{ bookId, title, author, copies, addedPriceCents, availability },
    unitPriceCents: book?.priceCents ?? 0,
    copiesLeft: (isScarce && book?.stock.copiesLeft) || 0,
  }
}

function availabilityOf(copies: number, book: Book | undefined): LineAvailability {
  if (!book) return LineAvailability.LINE_AVAILABILITY_GONE
  switch (book.stock.availability) {
    case 'in-stock':
      return LineAvailability.LINE_AVAILABILITY_IN_STOCK
    case 'few-left':
      return copies > book.stock.copiesLeft
        ? LineAvailability.LINE_AVAILABILITY_NOT_ENOUGH
        : LineAvailability.LINE_AVAILABILITY_FEW_LEFT
    case 'out-of-stock':
      return LineAvailability.LINE_AVAILABILITY_OUT_OF_STOCK
    default:
      return LineAvailability.LINE_AVAILABILITY_UNSPECIFIED
  }
}
