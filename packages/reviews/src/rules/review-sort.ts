/** The orders that reviews may be listed in; those of equal values from the newest on. */
export type ReviewSort = 'helpful' | 'newest' | 'highest' | 'lowest'

/** The position of a review in an order (keyset pagination). */
export interface Cursor {
  /** What it is sorted by first: how helpful it is, or its stars; 0 where that is its age. */
  key: number
  number: number
}
