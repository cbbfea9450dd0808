/** The orders that books may be listed in. */
export type BookSort = 'title' | 'author' | 'newest' | 'oldest' | 'cheapest' | 'dearest'

/** The position of a book in an order (keyset pagination): by the sorted value, then the title, then the id. */
export interface Cursor {
  /** The author's last name, the year or the price; null where books are sorted by title alone. */
  value: string | number | null
  titleKey: string
  id: number
}
