import { categories } from '@books/catalogue'
import { sharedBytes, sharedInts } from '../shared-arrays.ts'
import type { Book } from './book.ts'

/** Books as arrays in shared memory, in the order of items. */
export interface PackedBooks {
  readonly itemIds: Int32Array
  /** The number of each item's author; -1 where it has none. */
  readonly authors: Int32Array
  /** The place of each item's category in the list of the catalogue. */
  readonly categories: Int32Array
  readonly years: Int32Array
  /** The titles as UTF-8, one after the other: that of item `i` ends at `titleEnds[i]`. */
  readonly titles: Uint8Array
  readonly titleEnds: Int32Array
  /** The names of the authors in the same way. */
  readonly authorNames: Uint8Array
  readonly authorEnds: Int32Array
}

/** Packs books that are given in the order of items. */
export interface BookPacker {
  add(book: Book): void
  finish(): PackedBooks
}

/** Creates a packer. */
export function createBookPacker(): BookPacker {
  const columns = {
    itemIds: [] as number[],
    authors: [] as number[],
    categories: [] as number[],
    years: [] as number[],
  }
  const titles = createTextPacker()
  const authorNames = createTextPacker()
  const authors = new Map<string, number>()

  function numberOf(author: string): number {
    if (author === '') return -1
    const known = authors.get(author)
    if (known !== undefined) return known
    authorNames.add(author)
    authors.set(author, authors.size)
    return authors.size - 1
  }

  return {
    add({ id, title, author, year, category }) {
      columns.itemIds.push(id)
      columns.authors.push(numberOf(author))
      columns.categories.push(categories.indexOf(category))
      columns.years.push(year)
      titles.add(title)
    },
    finish() {
      const [packedTitles, packedNames] = [titles.finish(), authorNames.finish()]
      return {
        itemIds: packInts(columns.itemIds),
        authors: packInts(columns.authors),
        categories: packInts(columns.categories),
        years: packInts(columns.years),
        titles: packedTitles.bytes,
        titleEnds: packedTitles.ends,
        authorNames: packedNames.bytes,
        authorEnds: packedNames.ends,
      }
    },
  }
}

/** A text of several that were packed. */
export function textAt(bytes: Uint8Array, ends: Int32Array, at: number): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString('utf8', at === 0 ? 0 : ends[at - 1]!, ends[at])
}

function createTextPacker() {
  const ends: number[] = []
  let bytes = Buffer.alloc(1_024)
  let length = 0

  return {
    add(text: string) {
      const end = length + Buffer.byteLength(text)
      if (end > bytes.length) {
        const larger = Buffer.alloc(2 * end)
        bytes.copy(larger)
        bytes = larger
      }
      bytes.write(text, length)
      length = end
      ends.push(end)
    },
    finish() {
      const packed = sharedBytes(length)
      packed.set(bytes.subarray(0, length))
      return { bytes: packed, ends: packInts(ends) }
    },
  }
}

function packInts(numbers: readonly number[]): Int32Array {
  const packed = sharedInts(numbers.length)
  packed.set(numbers)
  return packed
}
