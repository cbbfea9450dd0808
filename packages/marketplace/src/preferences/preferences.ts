/** What a visitor says of a book. */
export type Verdict = 'liked' | 'disliked'

/** One thing that a visitor said. */
export interface Opinion {
  bookId: number
  verdict: Verdict
}

/** All that a visitor said, the newest first, and of each book only the last. */
export type Taste = readonly Opinion[]

/** How many opinions are kept; the oldest go. */
export const mostOpinions = 50

/** The taste of somebody who says this now. */
export function withOpinion(taste: Taste, opinion: Opinion): Taste {
  return [opinion, ...withoutOpinion(taste, opinion.bookId)].slice(0, mostOpinions)
}

/** The taste of somebody who takes back what they said of a book. */
export function withoutOpinion(taste: Taste, bookId: number): Taste {
  return taste.filter((opinion) => opinion.bookId !== bookId)
}

/** The ids of the books of which a visitor said this, the newest first. */
export function booksOf(taste: Taste, verdict: Verdict): number[] {
  return taste.filter((opinion) => opinion.verdict === verdict).map(({ bookId }) => bookId)
}

/** A taste as text of digits, dots and minus signs: liked books by their ids, disliked ones by minus their ids. */
export function encodeTaste(taste: Taste): string {
  return taste.map(({ bookId, verdict }) => (verdict === 'liked' ? bookId : -bookId)).join('.')
}

/** Reads what `encodeTaste` wrote; a text that it cannot have written is no taste at all. */
export function decodeTaste(text: string): Taste {
  const ids = text === '' ? [] : text.split('.').map(Number)
  const isWhole = ids.every((id) => Number.isInteger(id) && id !== 0 && Math.abs(id) <= mostId)
  if (!isWhole || ids.length > mostOpinions || new Set(ids.map(Math.abs)).size < ids.length) return []
  return ids.map((id) => ({ bookId: Math.abs(id), verdict: id > 0 ? 'liked' : 'disliked' }))
}

/** The largest id that the contracts can carry. */
export const mostId = 2 ** 31 - 1
