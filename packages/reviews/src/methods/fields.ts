import type { WriteReviewRequest } from '@books/proto'
import { invalidArgument } from '@books/rpc'
import { requireText } from '../rules/read-text.ts'
import type { Content } from '../stores/review-store.ts'
import { noSuchReview } from './refusals.ts'

const highestBookId = 999_999_999
const idPattern = /^[0-9a-z]{1,40}$/

/** Reads the id of a reader. */
export function requireReader(readerId: number): number {
  if (readerId < 1) throw invalidArgument('reader_id', 'must be positive')
  return readerId
}

/** The same; 0 for a visitor who is not signed in. */
export function requireReaderOrVisitor(readerId: number): number {
  if (readerId < 0) throw invalidArgument('reader_id', 'must not be negative')
  return readerId
}

/** Reads the id of a book that may exist. */
export function requireBookId(bookId: number): number {
  if (bookId < 1 || bookId > highestBookId) throw invalidArgument('book_id', `must be from 1 to ${highestBookId}`)
  return bookId
}

/** Reads the id of a review. NOT_FOUND where no review can have it. */
export function requireReviewId(id: string): string {
  if (!idPattern.test(id)) throw noSuchReview()
  return id
}

/** Reads what a reader writes about a book. */
export function requireContent({ stars, title, text, name }: WriteReviewRequest): Content {
  if (stars < 1 || stars > 5) throw invalidArgument('stars', 'must be from 1 to 5')
  const content = {
    stars,
    title: requireText('title', title, { max: 150 }),
    text: requireText('text', text, { min: 20, max: 5_000, hasLines: true, isOptional: true }),
    name: requireText('name', name, { min: 1, max: 100 }),
  }
  if (content.text === '' && content.title !== '') throw invalidArgument('title', 'must be empty where the text is')
  return content
}

/** The number of results on a page: the default for 0, and at most the maximum. */
export function readPageSize(pageSize: number, sizes: { default: number; max: number }): number {
  if (pageSize < 0) throw invalidArgument('page_size', 'must not be negative')
  return pageSize === 0 ? sizes.default : Math.min(pageSize, sizes.max)
}
