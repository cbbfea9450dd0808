/** What books may be sorted by. */
export type BookSort = 'title' | 'author' | 'newest' | 'oldest' | 'cheapest' | 'dearest'

/** Where a book stands among the sorted: what it is sorted by, then its title, then its id. */
export interface Place {
  /** The author's last name, the year or the price; null where books are sorted by title alone. */
  value: string | number | null
  titleKey: string
  id: number
}
