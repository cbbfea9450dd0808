interface Chosen {
  book: { id: number }
}

/** A list of at most `limit` books in which all of these are: those that are not in it already take its last places. */
export function withAll<Item extends Chosen>(needed: readonly Item[], list: readonly Item[], limit: number): Item[] {
  const neededIds = new Set(needed.map(({ book }) => book.id))
  let places = limit - needed.length
  const kept = list.filter(({ book }) => neededIds.has(book.id) || places-- > 0)

  const keptIds = new Set(kept.map(({ book }) => book.id))
  return [...kept, ...needed.filter(({ book }) => !keptIds.has(book.id))]
}
