import { kindOfOpinion, preferenceOfOpinion } from './interaction.ts'

/** What a reader did with books, newest first and each book once: three arrays of one length. */
export interface History {
  readonly bookIds: Int32Array
  /** In milliseconds since 1970. */
  readonly times: Float64Array
  /** What the reader thinks of each book, as `opinionOf` says. */
  readonly opinions: Uint8Array
}

/** A history without books. */
export const emptyHistory: History = {
  bookIds: new Int32Array(0),
  times: new Float64Array(0),
  opinions: new Uint8Array(0),
}

/** The parts of the interactions of one reader, as places in their arrays. */
export interface ArrangedHistory {
  /** Those that count: one for each book, newest first. */
  shown: number[]
  /** Others, which may count again once something is taken back. */
  superseded: number[]
}

/**
 * Finds what counts of one reader's interactions, which are given in the order of adding. The newest like, dislike or purchase
 * of a book counts, and the newest rating of it, unless that takes back what was before; of the two, the newer. A view counts where
 * there is nothing else. Of two at the same time, the one that was added later counts.
 */
export function arrangeHistory({ bookIds, times, opinions }: History): ArrangedHistory {
  const byBook = Array.from(bookIds, (_, at) => at).sort((one, other) => bookIds[one]! - bookIds[other]! || one - other)
  const shown: number[] = []
  const superseded: number[] = []

  for (let from = 0; from < byBook.length; ) {
    const bookId = bookIds[byBook[from]!]!
    // The newest of each channel.
    const newest = [-1, -1, -1]
    for (; from < byBook.length && bookIds[byBook[from]!] === bookId; from++) {
      const at = byBook[from]!
      const channel = channelOf(opinions[at]!)
      const before = newest[channel]!
      if (before < 0 || times[before]! <= times[at]!) newest[channel] = at
    }
    const winner = findWinner(newest, { times, opinions })
    for (const at of newest) if (at >= 0) (at === winner ? shown : superseded).push(at)
  }
  shown.sort((one, other) => times[other]! - times[one]! || other - one)
  return { shown, superseded }
}

const views = 0
const acts = 1
const ratings = 2

function channelOf(opinion: number): number {
  const kind = kindOfOpinion(opinion)
  if (kind === 'viewed') return views
  return kind === 'rated' || kind === 'withdrawn' ? ratings : acts
}

function findWinner(newest: readonly number[], { times, opinions }: Pick<History, 'times' | 'opinions'>): number {
  const [view, act, rating] = newest.map((at) => (at >= 0 && takesBack(opinions[at]!) ? -1 : at)) as [
    number,
    number,
    number,
  ]
  if (act < 0 && rating < 0) return view
  if (act < 0 || rating < 0) return Math.max(act, rating)
  return times[act]! > times[rating]! ? act : rating
}

function takesBack(opinion: number): boolean {
  const kind = kindOfOpinion(opinion)
  return kind === 'withdrawn' || kind === 'neutral'
}

/** The books of a history that its reader likes, with the times, and those that the reader dislikes or only viewed. */
export interface Preferences {
  liked: { bookIds: number[]; times: number[] }
  disliked: number[]
  viewed: number[]
}

/** Sorts a history by what the reader thinks of the books; each list is newest first. */
export function preferencesOf({ bookIds, times, opinions }: History): Preferences {
  const preferences: Preferences = { liked: { bookIds: [], times: [] }, disliked: [], viewed: [] }
  const { liked, disliked, viewed } = preferences
  for (const [at, bookId] of bookIds.entries()) {
    const preference = preferenceOfOpinion(opinions[at]!)
    if (preference === 'likes') {
      liked.bookIds.push(bookId)
      liked.times.push(times[at]!)
    } else (preference === 'dislikes' ? disliked : viewed).push(bookId)
  }
  return preferences
}
