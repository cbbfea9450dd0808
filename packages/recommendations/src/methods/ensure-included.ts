import type { Recommendation } from '../model/recommender.ts'

/** A list of at most `limit` books that includes all needed ones: those that are not in `list` replace its last ones. */
export function ensureIncluded(
  needed: readonly Recommendation[],
  list: readonly Recommendation[],
  limit: number,
): Recommendation[] {
  const neededIds = new Set(needed.map(({ book }) => book.id))
  let places = limit - needed.length
  const kept = list.filter(({ book }) => neededIds.has(book.id) || places-- > 0)

  const keptIds = new Set(kept.map(({ book }) => book.id))
  return [...kept, ...needed.filter(({ book }) => !keptIds.has(book.id))]
}
