/** What a reader can do with a book. */
export type Kind = 'viewed' | 'liked' | 'disliked' | 'bought' | 'rated'

/** One thing that a reader did with a book. */
export interface Interaction {
  /** Different for each interaction, and the same when it is told again. */
  id: string
  readerId: number
  bookId: number
  kind: Kind
  /** From 1 to 5 for `rated`, 0 for all others. */
  rating: number
  time: Date
}

/** What an interaction says of a reader's taste. */
export type Verdict = 'likes' | 'dislikes'

const lowestLiking = 3

/** What an interaction says of its reader's taste; undefined where it says too little. */
export function verdictOf({ kind, rating }: Pick<Interaction, 'kind' | 'rating'>): Verdict | undefined {
  if (kind === 'viewed') return undefined
  if (kind === 'rated') return rating >= lowestLiking ? 'likes' : 'dislikes'
  return kind === 'disliked' ? 'dislikes' : 'likes'
}
