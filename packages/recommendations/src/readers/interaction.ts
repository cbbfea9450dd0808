/** How a reader can interact with a book. */
export type Kind = 'viewed' | 'liked' | 'disliked' | 'bought' | 'rated'

/** One interaction of a reader with a book. */
export interface Interaction {
  /** Unique for each interaction, and the same when it is recorded again. */
  id: string
  readerId: number
  bookId: number
  kind: Kind
  /** From 1 to 5 for `rated`, 0 for all others. */
  rating: number
  time: Date
}

/** Whether a reader likes a book. */
export type Preference = 'likes' | 'dislikes'

const lowestLikedRating = 3

/** The preference that an interaction expresses; undefined for a view. */
export function preferenceOf({ kind, rating }: Pick<Interaction, 'kind' | 'rating'>): Preference | undefined {
  if (kind === 'viewed') return undefined
  if (kind === 'rated') return rating >= lowestLikedRating ? 'likes' : 'dislikes'
  return kind === 'disliked' ? 'dislikes' : 'likes'
}
