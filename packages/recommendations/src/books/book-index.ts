import { type Category, categories } from '@books/catalogue'
import { LRUCache } from 'lru-cache'
import type { ItemFacts } from '../model/relatives.ts'
import type { Book } from './book.ts'
import { firstImportedId } from './book-ids.ts'
import { createItemSearch } from './item-search.ts'
import { createBookPacker, type PackedBooks, textAt } from './packed-books.ts'

/**
 * The books that may be recommended. The model knows each as an item, a number from 0: imported books first, then those of
 * the catalogue, both in the order of ids. So the newest of the catalogue are the last.
 */
export interface BookIndex {
  readonly count: number
  /** The id of each item's book. */
  readonly itemIds: Int32Array
  /** The book of an item. Callers share one object. */
  bookAt(item: number): Readonly<Book>
  /** The item of a book; undefined for one that is not in the index. */
  itemOf(bookId: number): number | undefined
  /** Every book, in the order of items. */
  listBooks(): Book[]
  /** The authors and categories, for items with few readers. */
  readonly facts: ItemFacts
  /** For each item, the bit of its category. */
  readonly categoryBits: Uint32Array
  bitOf(category: Category): number
  /** What the index is made of. */
  readonly packed: PackedBooks
}

// Decoding the texts of an answer took a fifth of it. These are most of what is recommended, in a few megabytes.
const maxDecoded = 10_000

/** Creates the index of these books. */
export function createBookIndex(books: readonly Book[]): BookIndex {
  const sorted = books.toSorted(
    (one, other) => Number(isImported(other)) - Number(isImported(one)) || one.id - other.id,
  )
  const packer = createBookPacker()
  for (const book of sorted) packer.add(book)
  return openBookIndex(packer.finish())
}

/** Creates the index of packed books, of which it makes no copy. */
export function openBookIndex(packed: PackedBooks): BookIndex {
  const { itemIds, authors, categories: categoryNumbers, years } = packed
  const count = itemIds.length
  const bitOf = (category: Category) => 1 << categories.indexOf(category)

  const decoded = new LRUCache<number, Readonly<Book>>({ max: maxDecoded, memoMethod: decode })

  function decode(item: number): Readonly<Book> {
    const author = authors[item]!
    return {
      id: itemIds[item]!,
      title: textAt(packed.titles, packed.titleEnds, item),
      author: author < 0 ? '' : textAt(packed.authorNames, packed.authorEnds, author),
      year: years[item]!,
      category: categories[categoryNumbers[item]!]!,
    }
  }

  return {
    count,
    itemIds,
    bookAt: (item) => decoded.memo(item),
    itemOf: createItemSearch(itemIds),
    listBooks: () => Array.from({ length: count }, (_, item) => decode(item)),
    facts: { authors, categories: categoryNumbers },
    categoryBits: new Uint32Array(categoryNumbers).map((category) => 1 << category),
    bitOf,
    packed,
  }
}

function isImported({ id }: Book): boolean {
  return id >= firstImportedId
}
