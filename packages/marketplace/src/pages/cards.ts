import type { Book, BookRecommendation } from '@books/proto'
import type Handlebars from 'handlebars'
import type { Rating } from './book-reviews/rating.ts'
import { type Shelf, shelfOfBookCategory, shelfOfCategory } from './categories.ts'
import { coverOf } from './cover.ts'
import { formatPrice } from './format.ts'
import { latinHtml } from './latin-html.ts'
import { memoize } from './memoize.ts'
import { paths } from './paths.ts'
import { isOutOfStock, stockText } from './stock.ts'

/** A book in a list, as templates take it. */
export interface Card {
  id: number
  title: string
  author: string
  href: string
  cover: Handlebars.SafeString
  shelfName: string
  price?: Handlebars.SafeString | undefined
  /** Such as `In stock` or `2 left`; undefined where it is not known. */
  stock?: string | undefined
  /** Where its form is sent; undefined for a book that is out of stock. */
  addAction: string | undefined
  /** Undefined where no reader rated it, and where that is not known. */
  rating?: Rating | undefined
}

interface CardFacts {
  id: number
  title: string
  author: string
}

/** The card of a recommended book, without its price. */
export const recommendedCard = memoize(['title', 'author', 'category'], (book: BookRecommendation) =>
  cardOf(book, shelfOfBookCategory(book.category)),
)

const shownFields = ['title', 'author', 'category', 'priceCents', 'currency', 'availability', 'copiesLeft'] as const

/** The card of a book of the inventory. */
export const bookCard = memoize(shownFields, (book: Book): Card => {
  const price = latinHtml(formatPrice(book.priceCents, book.currency))
  const card = { ...cardOf(book, shelfOfCategory(book.category)), price, stock: stockText(book) }
  return isOutOfStock(book) ? { ...card, addAction: undefined } : card
})

// A newer service may name a shelf that is not known here.
function cardOf({ id, title, author }: CardFacts, shelf: Shelf | undefined): Card {
  const cover = coverOf({ title, author, category: shelf?.key ?? '' })
  const links = { href: paths.book(id), addAction: paths.addToCart(id) }
  return { id, title, author, cover, shelfName: shelf?.name ?? 'Books', ...links }
}
