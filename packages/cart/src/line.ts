/** A book of the store, as inventory tells it. */
export interface Book {
  id: number
  title: string
  author: string
  priceCents: number
  currency: string
  stock: Stock
}

/** Whether a book can be bought. */
export interface Stock {
  availability: 'unknown' | 'in-stock' | 'few-left' | 'out-of-stock'
  /** Where few are left. */
  copiesLeft: number
}

/** Finds a book of the store by its id. */
export type FindBook = (id: number) => Book | undefined

/** Copies of a book in a cart, with what the book was when it was added. */
export interface Line {
  bookId: number
  copies: number
  title: string
  author: string
  addedPriceCents: number
  currency: string
}

/** The currency of a cart: that of its first book that the store still has. Undefined for a cart without lines. */
export function currencyOf(lines: readonly Line[], findBook: FindBook): string | undefined {
  const book = lines.map(({ bookId }) => findBook(bookId)).find((found) => found !== undefined)
  return (book ?? lines[0])?.currency
}
