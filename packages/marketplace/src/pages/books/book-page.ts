import type { Book } from '@books/proto'
import Handlebars from 'handlebars'
import type { Answer } from '../../backends/backend.ts'
import type { Verdict } from '../../preferences/preferences.ts'
import type { ReviewsSection } from '../book-reviews/reviews-section.ts'
import { shelfOfCategory } from '../categories.ts'
import { coverOf } from '../cover.ts'
import { formatPrice, formatYear } from '../format.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import type { ShelfSection } from '../shelf-section.ts'
import { isOutOfStock, stockText } from '../stock.ts'

/** The page of a book, as its template takes it. */
export interface BookPage extends Page {
  /** Undefined where the inventory did not answer. */
  book: BookFacts | undefined
  fallback: string | undefined
  preference: PreferenceForm
  alsoEnjoyed: ShelfSection
  reviews: ReviewsSection
  /** The book as JSON-LD. */
  data: Handlebars.SafeString | undefined
}

interface BookFacts {
  title: string
  author: string
  authorHref: string
  year: string | undefined
  price: string
  /** Undefined where it is not known. */
  stock: string | undefined
  /** The form that puts it into the cart; undefined for a book that is out of stock. */
  addForm: { action: string; csrfToken: string } | undefined
  shelf: { name: string; href: string } | undefined
  cover: Handlebars.SafeString
}

/** The buttons with which a reader says what they think of a book. */
export interface PreferenceForm {
  action: string
  csrfToken: string
  isLiked: boolean
  isDisliked: boolean
}

interface BookContent {
  id: number
  answer: Answer<{ book: Book | undefined }>
  alsoEnjoyed: ShelfSection
  reviews: ReviewsSection
  /** See `bookData`. */
  data: string | undefined
  /** What the reader said about it. */
  verdict: Verdict | undefined
  csrfToken: string
}

/** Makes the page of a book. */
export function bookPage({ id, answer, alsoEnjoyed, reviews, data, verdict, csrfToken }: BookContent): BookPage {
  const book = answer.value?.book
  return {
    title: book ? `${book.title} by ${book.author} · Books` : 'A book · Books',
    ...(book && { description: `${book.title}, by ${book.author}, and what its readers also enjoyed.` }),
    ...(book && { path: paths.book(id), openGraphType: 'book' as const }),
    book: book && factsOf(book, csrfToken),
    fallback: answer.fallback,
    preference: {
      action: paths.preferenceOfBook(id),
      csrfToken,
      isLiked: verdict === 'liked',
      isDisliked: verdict === 'disliked',
    },
    alsoEnjoyed,
    reviews,
    data: data === undefined ? undefined : new Handlebars.SafeString(data),
  }
}

function factsOf(book: Book, csrfToken: string): BookFacts {
  const { id, title, author, year, category, priceCents, currency } = book
  const shelf = shelfOfCategory(category)
  return {
    title,
    author,
    authorHref: paths.search({ q: author }),
    year: formatYear(year),
    price: formatPrice(priceCents, currency),
    stock: stockText(book),
    addForm: isOutOfStock(book) ? undefined : { action: paths.addToCart(id), csrfToken },
    shelf: shelf && { name: shelf.name, href: paths.category(shelf.slug) },
    cover: coverOf({ title, author, category: shelf?.key ?? '' }),
  }
}
