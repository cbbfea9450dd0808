/** The author and the category of each item, as numbers; -1 when unknown. */
export interface ItemFacts {
  readonly authors: ArrayLike<number>
  readonly categories: ArrayLike<number>
}

/** An established item that a new one is like. */
export interface Relative {
  readonly item: number
  /** 1 for the same author, less for the same category only. */
  readonly kinship: number
}

const categoryKinship = 0.25

/**
 * Returns a function that finds the relatives of a new item, nearest first: established items by its author, and then of
 * its category. Of groups larger than `limit` each new item gets another part, so that the new items of a category do not
 * all depend on a few books.
 */
export function createRelativesSearch(
  { authors, categories }: ItemFacts,
  { readerCounts, isNew, limit }: { readerCounts: Int32Array; isNew: (item: number) => boolean; limit: number },
): (item: number) => Relative[] {
  const established = [...readerCounts.keys()].filter((item) => !isNew(item))
  established.sort((one, other) => readerCounts[other]! - readerCounts[one]! || one - other)
  const byAuthor = groupBy(established, authors)
  const byCategory = groupBy(established, categories)

  return (item) => {
    const sameAuthor = partOf(byAuthor.get(authors[item] ?? -1) ?? [], item, limit)
    const others = partOf(byCategory.get(categories[item] ?? -1) ?? [], item, limit)
    const sameCategory = others.filter((other) => !sameAuthor.includes(other)).slice(0, limit - sameAuthor.length)

    return [
      ...sameAuthor.map((other) => ({ item: other, kinship: 1 })),
      ...sameCategory.map((other) => ({ item: other, kinship: categoryKinship })),
    ]
  }
}

/** `limit` members of a group, from a place that depends on the item. */
function partOf(group: readonly number[], item: number, limit: number) {
  if (group.length <= limit) return group
  const start = (item * limit) % group.length
  return [...group.slice(start, start + limit), ...group.slice(0, Math.max(0, start + limit - group.length))]
}

function groupBy(items: readonly number[], keys: ArrayLike<number>) {
  const groups = new Map<number, number[]>()
  for (const item of items) {
    const key = keys[item] ?? -1
    if (key < 0) continue
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
