import type { Book, BookRecommendation } from '@books/proto'
import type Handlebars from 'handlebars'
import { type Shelf, shelfOfBookCategory, shelfOfCategory } from './categories.ts'
import { coverOf } from './cover.ts'
import { formatPrice } from './format.ts'
import { latinHtml } from './latin-html.ts'
import { remember } from './memoize.ts'
import { paths } from './paths.ts'

/** A book among others, as templates take it. */
export interface Card {
  id: number
  title: string
  author: string
  href: string
  cover: Handlebars.SafeString
  shelfName: string
  price?: Handlebars.SafeString
  /** Why it is here. */
  reason?: string | undefined
}

interface CardFacts {
  id: number
  title: string
  author: string
}

/** The card of a book that was recommended. */
export const recommendedCard = remember(['title', 'author', 'category'], (book: BookRecommendation) =>
  cardOf(book, shelfOfBookCategory(book.category)),
)

/** The card of a book of the inventory. */
export const bookCard = remember(['title', 'author', 'category', 'priceCents', 'currency'], (book: Book): Card => {
  const price = latinHtml(formatPrice(book.priceCents, book.currency))
  return { ...cardOf(book, shelfOfCategory(book.category)), price }
})

// A book of a shelf that this shop does not know yet is plainly a book.
function cardOf({ id, title, author }: CardFacts, shelf: Shelf | undefined): Card {
  const cover = coverOf({ title, author, category: shelf?.key ?? '' })
  return { id, title, author, href: paths.book(id), cover, shelfName: shelf?.name ?? 'Books' }
}
