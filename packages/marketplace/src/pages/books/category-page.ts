import type { Card } from '../cards.ts'
import type { Shelf } from '../categories.ts'
import { type Page, paginationOf } from '../pages.ts'
import { paths } from '../paths.ts'
import { booksOnPage, type ShelfBooks } from './find-shelf-books.ts'
import { byRating, type Sort, sorts } from './sorts.ts'

/** A page of a shelf, as its template takes it. */
export interface CategoryPage extends Page {
  heading: string
  motto: string
  /** The number of books, in words. */
  count: string | undefined
  sortLinks: { label: string; href: string; isCurrent: boolean }[]
  /** About the order. */
  sortNotice: string | undefined
  cards: Card[]
  fallback: string | undefined
  ratingsFallback: string | undefined
  notice: string | undefined
}

interface CategoryContent {
  shelf: Shelf
  /** The order that was asked for. */
  sort: Sort
  page: number
  found: ShelfBooks
}

/** Makes a page of a shelf. */
export function categoryPage({ shelf, sort: wanted, page, found }: CategoryContent): CategoryPage {
  const { value, sort, fallback, ratingsFallback } = found
  const nameOf = (other: Sort) => (other === sorts[0] ? undefined : other.name)
  const linkTo = (other: number) => paths.category(shelf.slug, { sort: nameOf(sort), page: other })
  const { cards = [], totalSize = 0 } = value ?? {}
  return {
    title: `${shelf.name}${page > 1 ? `, page ${page}` : ''} · Books`,
    description: `${shelf.motto} The whole ${shelf.name.toLowerCase()} shelf of Books.`,
    path: linkTo(page),
    pagination: paginationOf(page, Math.ceil(totalSize / booksOnPage), linkTo),
    heading: shelf.name,
    motto: shelf.motto,
    count: value && countText(totalSize, sort),
    sortLinks: sorts.map((other) => ({
      label: other.label,
      href: paths.category(shelf.slug, { sort: nameOf(other) }),
      isCurrent: other === sort,
    })),
    sortNotice: sortNoticeOf(wanted, found),
    ...{ cards, fallback, ratingsFallback },
    notice: noticeOf(found),
  }
}

function countText(count: number, sort: Sort): string {
  const kind = sort === byRating ? 'rated ' : ''
  return count === 1 ? `One ${kind}book` : `${count} ${kind}books`
}

function sortNoticeOf(wanted: Sort, { value, sort }: ShelfBooks): string | undefined {
  if (wanted !== sort)
    return `We cannot sort by rating just now. These books are in order of ${sort.label.toLowerCase()}.`
  return sort === byRating && value?.totalSize ? 'Books without ratings are not in this order.' : undefined
}

function noticeOf({ value, sort }: ShelfBooks): string | undefined {
  if (!value) return 'This shelf is out of sight just now. Please look in again in a moment.'
  if (value.totalSize > 0) return undefined
  return sort === byRating ? 'No reader has rated a book on this shelf yet.' : 'Nothing stands on this shelf yet.'
}
