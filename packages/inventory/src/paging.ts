import { invalidArgument } from '@books/rpc'

/** The number of results on a page: the default for 0, and at most the maximum. */
export function readPageSize(pageSize: number, sizes: { default: number; max: number }): number {
  if (pageSize < 0) throw invalidArgument('page_size', 'must not be negative')
  return pageSize === 0 ? sizes.default : Math.min(pageSize, sizes.max)
}

/** The number of results to skip. */
export function readSkip(skip: number): number {
  if (skip < 0) throw invalidArgument('skip', 'must not be negative')
  return skip
}
