import type { Book, ListReaderReviewsResponse, Review } from '@books/proto'
import { formatDay } from '../format.ts'
import type { Page } from '../pages.ts'
import { paths } from '../paths.ts'
import { starsText } from './review-entry.ts'

/** What a reader wrote about books, as its template takes it. */
export interface OwnReviewsPage extends Page {
  reviews: OwnReview[]
  newestHref: string | undefined
  olderHref: string | undefined
  exportHref: string
}

interface OwnReview {
  bookTitle: string
  bookHref: string
  changeHref: string
  /** The stars, and the title where it has one. */
  text: string
  day: string | undefined
  isHidden: boolean
}

/** Makes a page of what a reader wrote; `books` are those of the reviews, in their order. */
export function ownReviewsPage(
  { reviews, nextPageToken }: ListReaderReviewsResponse,
  books: readonly (Book | undefined)[],
  { isFirst }: { isFirst: boolean },
): OwnReviewsPage {
  return {
    title: 'Your reviews · Books',
    reviews: reviews.map((review, index) => ownReview(review, books[index])),
    newestHref: isFirst ? undefined : paths.ownReviews(),
    olderHref: nextPageToken === '' ? undefined : paths.ownReviews({ after: nextPageToken }),
    exportHref: paths.exportReviews,
  }
}

function ownReview({ bookId, stars, title, writtenAt, isHidden }: Review, book: Book | undefined): OwnReview {
  return {
    bookTitle: book?.title ?? `Book ${bookId}`,
    bookHref: paths.book(bookId),
    changeHref: paths.review(bookId),
    text: title === '' ? starsText(stars) : `${starsText(stars)}: ${title}`,
    day: writtenAt && formatDay(writtenAt),
    isHidden,
  }
}
