import type { ListBooksResponse } from '@books/proto'
import type { Answer } from '../../backends/backend.ts'
import { bookCard, type Card } from '../cards.ts'
import type { Shelf } from '../categories.ts'
import { type Page, paginationOf } from '../pages.ts'
import { paths } from '../paths.ts'
import { type Sort, sorts } from './sorts.ts'

/** The number of books on a page of a shelf. */
export const booksOnPage = 24

/** A page of a shelf, as its template takes it. */
export interface CategoryPage extends Page {
  heading: string
  motto: string
  /** The number of books, in words. */
  count: string | undefined
  sortLinks: { label: string; href: string; isCurrent: boolean }[]
  cards: Card[]
  fallback: string | undefined
  notice: string | undefined
}

interface CategoryContent {
  shelf: Shelf
  sort: Sort
  page: number
  answer: Answer<ListBooksResponse>
}

/** Makes a page of a shelf. */
export function categoryPage({ shelf, sort, page, answer }: CategoryContent): CategoryPage {
  const sortName = sort === sorts[0] ? undefined : sort.name
  const linkTo = (other: number) => paths.category(shelf.slug, { sort: sortName, page: other })
  const { books = [], totalSize = 0 } = answer.value ?? {}
  return {
    title: `${shelf.name}${page > 1 ? `, page ${page}` : ''} · Books`,
    description: `${shelf.motto} The whole ${shelf.name.toLowerCase()} shelf of Books.`,
    path: linkTo(page),
    pagination: paginationOf(page, Math.ceil(totalSize / booksOnPage), linkTo),
    heading: shelf.name,
    motto: shelf.motto,
    count: answer.value && (totalSize === 1 ? 'One book' : `${totalSize} books`),
    sortLinks: sorts.map((other) => ({
      label: other.label,
      href: paths.category(shelf.slug, { sort: other === sorts[0] ? undefined : other.name }),
      isCurrent: other === sort,
    })),
    cards: books.map(bookCard),
    fallback: answer.fallback,
    notice: noticeOf(answer.value),
  }
}

function noticeOf(value: ListBooksResponse | undefined): string | undefined {
  if (!value) return 'This shelf is out of sight just now. Please look in again in a moment.'
  return value.totalSize === 0 ? 'Nothing stands on this shelf yet.' : undefined
}
