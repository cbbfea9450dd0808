import { type Category, categories } from '@books/catalogue'
import type { ItemFacts } from '../model/relatives.ts'
import type { Book } from './book.ts'
import { firstImportedId } from './book-ids.ts'

/**
 * The books that may be recommended. The model knows each as an item, a number from 0: imported books first, then those of
 * the catalogue, both in the order of ids. So the newest of the catalogue are the last.
 */
export interface BookIndex {
  readonly books: readonly Book[]
  /** The id of each item's book. */
  readonly itemIds: Int32Array
  /** The item of a book; undefined for one that is not in the index. */
  itemOf(bookId: number): number | undefined
  /** The authors and categories, for items with few readers. */
  readonly facts: ItemFacts
  /** For each item, the bit of its category. */
  readonly categoryBits: Uint32Array
  bitOf(category: Category): number
}

/** Creates the index of these books. */
export function createBookIndex(books: readonly Book[]): BookIndex {
  const bitOf = (category: Category) => 1 << categories.indexOf(category)
  const sorted = books.toSorted(
    (one, other) => Number(isImported(other)) - Number(isImported(one)) || one.id - other.id,
  )
  const items = new Map(sorted.map(({ id }, item) => [id, item]))
  const authors = new Map<string, number>()
  for (const { author } of sorted) if (author !== '' && !authors.has(author)) authors.set(author, authors.size)

  return {
    books: sorted,
    itemIds: Int32Array.from(sorted, ({ id }) => id),
    itemOf: (bookId) => items.get(bookId),
    facts: {
      authors: Int32Array.from(sorted, ({ author }) => authors.get(author) ?? -1),
      categories: Int32Array.from(sorted, ({ category }) => categories.indexOf(category)),
    },
    categoryBits: Uint32Array.from(sorted, ({ category }) => bitOf(category)),
    bitOf,
  }
}

function isImported({ id }: Book): boolean {
  return id >= firstImportedId
}
