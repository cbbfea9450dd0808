import { invalidArgument } from '@books/rpc'

const defaultSize = 10
const maxSize = 100

/** A part of a list. */
export interface Span {
  offset: number
  limit: number
}

/** The part of the list on a page. Pages count from 1; a page of 0 is the first, a size of 0 the default. */
export function readPage(page: number, pageSize: number): Span {
  if (page < 0) throw invalidArgument('page', 'must not be negative')
  if (pageSize < 0) throw invalidArgument('page_size', 'must not be negative')

  const limit = Math.min(pageSize || defaultSize, maxSize)
  return { offset: ((page || 1) - 1) * limit, limit }
}
