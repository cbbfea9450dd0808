import type { Category } from '@books/catalogue'
import type { ColumnType } from 'kysely'

// A driver reads a bigint as a string or as a number, as is its custom.
type BigInteger<Insert = number> = ColumnType<string | number, Insert, number>

/** The tables of inventory. */
export interface Tables {
  books: {
    id: number
    title: string
    author: string
    year: number
    category: Category
    price_cents: BigInteger
    currency: string
    /** Counts up with every change of any book, in the order in which changes become visible. */
    revision: BigInteger<number | undefined>
    /** The title's words, folded; as bytes they are in the order of titles. */
    title_key: string
    /** The author's last name likewise. */
    author_key: string
  }
  /** What books are found by, and where it stands in them. */
  book_words: {
    book_id: number
    word: string
    in_title: boolean
    start: number
    end: number
  }
  /** Every word that a book ever had. */
  words: {
    word: string
  }
}
