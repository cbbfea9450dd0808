/** How a reader can interact with a book, by the numbers that snapshots store: new kinds come last. */
export const kinds = ['viewed', 'liked', 'disliked', 'bought', 'rated', 'withdrawn', 'neutral'] as const

/**
 * How a reader can interact with a book. `withdrawn` takes back the reader's earlier ratings of it, and `neutral` earlier likes,
 * dislikes and purchases.
 */
export type Kind = (typeof kinds)[number]

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

/** The preference that an interaction expresses; undefined for a view, and for what takes something back. */
export function preferenceOf({ kind, rating }: Pick<Interaction, 'kind' | 'rating'>): Preference | undefined {
  switch (kind) {
    case 'liked':
    case 'bought':
      return 'likes'
    case 'disliked':
      return 'dislikes'
    case 'rated':
      return rating >= lowestLikedRating ? 'likes' : 'dislikes'
    default:
      return undefined
  }
}

/** What an interaction says, as one byte: `opinion >> 3` is the kind's place in `kinds`, and `opinion & 7` the rating. */
export function opinionOf({ kind, rating }: Pick<Interaction, 'kind' | 'rating'>): number {
  return kinds.indexOf(kind) * 8 + rating
}

/** The kind of an opinion. */
export function kindOfOpinion(opinion: number): Kind {
  return kinds[opinion >> 3]!
}

const preferences = kinds.flatMap((kind) => Array.from({ length: 8 }, (_, rating) => preferenceOf({ kind, rating })))

/** The preference that an opinion expresses; undefined for a view. */
export function preferenceOfOpinion(opinion: number): Preference | undefined {
  return preferences[opinion]
}
