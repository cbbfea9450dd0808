import { BookSort } from '@books/proto'

/** An order of a shelf that readers can choose. */
export interface Sort {
  /** In the URL. */
  name: string
  /** On the page. */
  label: string
  /** Of the inventory: for the order by rating, the one that takes its place where reviews does not answer. */
  value: BookSort
}

const byTitle: Sort = { name: 'title', label: 'Title', value: BookSort.BOOK_SORT_TITLE }

/** The order that reviews knows, of rated books alone. */
export const byRating: Sort = { name: 'rating', label: 'Rating', value: byTitle.value }

/** The orders of a shelf, the default first. */
export const sorts: readonly [Sort, ...Sort[]] = [
  byTitle,
  { name: 'author', label: 'Author', value: BookSort.BOOK_SORT_AUTHOR },
  { name: 'newest', label: 'Newest', value: BookSort.BOOK_SORT_NEWEST },
  { name: 'oldest', label: 'Oldest', value: BookSort.BOOK_SORT_OLDEST },
  { name: 'price', label: 'Price', value: BookSort.BOOK_SORT_CHEAPEST },
  byRating,
]

/** The order of that name; by title for an unknown name. */
export function findSort(name: string): Sort {
  return sorts.find((sort) => sort.name === name) ?? byTitle
}
