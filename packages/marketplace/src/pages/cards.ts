import type { Book, BookRecommendation } from '@books/proto'
import type Handlebars from 'handlebars'
import { type Shelf, shelfOfBookCategory, shelfOfCategory } from './categories.ts'
import { coverOf } from './cover.ts'
import { formatPrice } from './format.ts'
import { latinHtml } from './latin-html.ts'
import { memoize } from './memoize.ts'
import { paths } from './paths.ts'

/** A book in a list, as templates take it. */
export interface Card {
  id: number
  title: string
  author: string
  href: string
  cover: Handlebars.SafeString
  shelfName: string
  price?: Handlebars.SafeString
  /** Why it is recommended. */
  reason?: string | undefined
}

interface CardFacts {
  id: number
  title: string
  author: string
}

/** The card of a recommended book. */
export const recommendedCard = memoize(['title', 'author', 'category'], (book: BookRecommendation) =>
  cardOf(book, shelfOfBookCategory(book.category)),
)

/** The card of a book of the inventory. */
export const bookCard = memoize(['title', 'author', 'category', 'priceCents', 'currency'], (book: Book): Card => {
  const price = latinHtml(formatPrice(book.priceCents, book.currency))
  return { ...cardOf(book, shelfOfCategory(book.category)), price }
})

// A newer service may name a shelf that is not known here.
function cardOf({ id, title, author }: CardFacts, shelf: Shelf | undefined): Card {
  const cover = coverOf({ title, author, category: shelf?.key ?? '' })
  return { id, title, author, href: paths.book(id), cover, shelfName: shelf?.name ?? 'Books' }
}
