import { BookSort, Category, type ListBooksRequest, type ListBooksResponse } from '@books/proto'
import { invalidArgument, raise } from '@books/rpc'
import { categoryOf, toMessage } from './book-message.ts'
import type { BookSort as Sort } from './book-sort.ts'
import type { BookStore } from './book-store.ts'
import { readPageToken, writePageToken } from './page-token.ts'
import { readPageSize, readSkip } from './paging.ts'

const sizes = { default: 24, max: 500 }

const sorts = new Map<BookSort, Sort>([
  [BookSort.BOOK_SORT_UNSPECIFIED, 'title'],
  [BookSort.BOOK_SORT_TITLE, 'title'],
  [BookSort.BOOK_SORT_AUTHOR, 'author'],
  [BookSort.BOOK_SORT_NEWEST, 'newest'],
  [BookSort.BOOK_SORT_OLDEST, 'oldest'],
  [BookSort.BOOK_SORT_CHEAPEST, 'cheapest'],
  [BookSort.BOOK_SORT_DEAREST, 'dearest'],
])

/** Creates the method ListBooks. */
export function createListBooks(store: BookStore) {
  return async (request: ListBooksRequest): Promise<ListBooksResponse> => {
    const category =
      request.category === Category.CATEGORY_UNSPECIFIED
        ? undefined
        : (categoryOf(request.category) ?? raise(invalidArgument('category', 'must be one of the contract')))
    const sort = sorts.get(request.sort) ?? raise(invalidArgument('sort', 'must be one of the contract'))
    const listing = { category: category ?? '', sort }
    const size = readPageSize(request.pageSize, sizes)
    const skip = readSkip(request.skip)
    const after =
      request.pageToken === ''
        ? undefined
        : (readPageToken(request.pageToken, listing) ??
          raise(invalidArgument('page_token', 'must be from an answer to the same category and sort')))

    // One more than the page shows whether there is a next one.
    const [found, totalSize] = await Promise.all([
      store.listPage({ category, sort, after, skip, limit: size + 1 }),
      store.count(category),
    ])
    const books = found.slice(0, size)
    const last = found.length > size ? books.at(-1) : undefined
    return {
      books: books.map(toMessage),
      nextPageToken: last ? writePageToken(listing, last.cursor) : '',
      totalSize,
    }
  }
}
