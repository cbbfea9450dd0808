import { invalidArgument } from '@books/rpc'

const usualSize = 10
const mostOnPage = 100

/** A part of a list. */
export interface Span {
  offset: number
  limit: number
}

/** The part of the list that a page shows. Pages count from 1; 0 stands for the first, and for the usual size. */
export function readPage(page: number, pageSize: number): Span {
  if (page < 0) throw invalidArgument('page', 'must not be negative')
  if (pageSize < 0) throw invalidArgument('page_size', 'must not be negative')

  const limit = Math.min(pageSize || usualSize, mostOnPage)
  return { offset: ((page || 1) - 1) * limit, limit }
}
