import { invalidArgument } from '@books/rpc'

/** How many results a request wants on a page: the usual number where it does not say, and never more than the most. */
export function readPageSize(pageSize: number, { usual, most }: { usual: number; most: number }): number {
  if (pageSize < 0) throw invalidArgument('page_size', 'must not be negative')
  return pageSize === 0 ? usual : Math.min(pageSize, most)
}

/** How many results a request passes over. */
export function readSkip(skip: number): number {
  if (skip < 0) throw invalidArgument('skip', 'must not be negative')
  return skip
}
