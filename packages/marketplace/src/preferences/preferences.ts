/** What a reader says about a book. */
export type Verdict = 'liked' | 'disliked'

/** A reader's verdict on one book. */
export interface Opinion {
  bookId: number
  verdict: Verdict
}

/** The opinions of a reader, the newest first, with at most one about each book. */
export type Preferences = readonly Opinion[]

/** The number of opinions that are kept; the oldest are dropped. */
export const maxOpinions = 50

/** The preferences with a new opinion, which replaces an older one about the same book. */
export function withOpinion(preferences: Preferences, opinion: Opinion): Preferences {
  return [opinion, ...withoutOpinion(preferences, opinion.bookId)].slice(0, maxOpinions)
}

/** The preferences without the opinion about a book. */
export function withoutOpinion(preferences: Preferences, bookId: number): Preferences {
  return preferences.filter((opinion) => opinion.bookId !== bookId)
}

/** The ids of the books with this verdict, the newest first. */
export function booksOf(preferences: Preferences, verdict: Verdict): number[] {
  return preferences.filter((opinion) => opinion.verdict === verdict).map(({ bookId }) => bookId)
}

/** Encodes preferences as ids with dots between, liked books as positive and disliked ones as negative numbers. */
export function encodePreferences(preferences: Preferences): string {
  return preferences.map(({ bookId, verdict }) => (verdict === 'liked' ? bookId : -bookId)).join('.')
}

/** Decodes what `encodePreferences` returned; any other text is no preferences. */
export function decodePreferences(text: string): Preferences {
  const ids = text === '' ? [] : text.split('.').map(Number)
  const isValid = ids.every((id) => Number.isInteger(id) && id !== 0 && Math.abs(id) <= maxId)
  if (!isValid || ids.length > maxOpinions || new Set(ids.map(Math.abs)).size < ids.length) return []
  return ids.map((id) => ({ bookId: Math.abs(id), verdict: id > 0 ? 'liked' : 'disliked' }))
}

// The largest int32, the type of ids in the contracts.
const maxId = 2 ** 31 - 1
