import type { Category } from '@books/catalogue'
import type { ColumnType } from 'kysely'

// Depending on the driver a bigint is read as a string or as a number.
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
    /** Increases with every change of any book, in the order in which changes become visible. */
    revision: BigInteger<number | undefined>
    /** The title's words without case and accents, which sort by byte. */
    title_key: string
    /** The author's last name, in the same form. */
    author_key: string
  }
  /** The words that books are found by, with their positions in title or author. */
  book_words: {
    book_id: number
    word: string
    in_title: boolean
    start: number
    end: number
  }
  /** Every word that a book has or had. */
  words: {
    word: string
  }
}
