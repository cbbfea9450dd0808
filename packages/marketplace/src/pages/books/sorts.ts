import { BookSort } from '@books/proto'

/** An order of a shelf that readers can choose. */
export interface Sort {
  /** In the URL. */
  name: string
  /** On the page. */
  label: string
  value: BookSort
}

const byTitle: Sort = { name: 'title', label: 'Title', value: BookSort.BOOK_SORT_TITLE }

/** The orders of a shelf, the default first. */
export const sorts: readonly Sort[] = [
  byTitle,
  { name: 'author', label: 'Author', value: BookSort.BOOK_SORT_AUTHOR },
  { name: 'newest', label: 'Newest', value: BookSort.BOOK_SORT_NEWEST },
  { name: 'oldest', label: 'Oldest', value: BookSort.BOOK_SORT_OLDEST },
  { name: 'price', label: 'Price', value: BookSort.BOOK_SORT_CHEAPEST },
]

/** The order of that name; by title for an unknown name. */
export function findSort(name: string): Sort {
  return sorts.find((sort) => sort.name === name) ?? byTitle
}
