import type { Category } from '@books/catalogue'
import type { ColumnType, Generated } from 'kysely'
import type { AdjustmentReason } from './stock/adjustment.ts'

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
    /** The free copies that pages show, which follow those of `stock` within seconds; 6 stands for any greater number. */
    copies_shown: Generated<number>
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
  /** The copies of each book. */
  stock: Copies & { book_id: number }
  /** What orders hold, have bought or have given back. */
  reservations: {
    order_id: string
    state: 'held' | 'committed' | 'released'
    /** Ascending, and as many as `copies`; empty for a release that came before its reservation. */
    book_ids: number[]
    copies: number[]
    expires_at: Date | null
  }
  /** Changes that were made once by their keys, with the stock after them. */
  adjustments: Copies & {
    key: string
    book_id: number
    delta: number
    reason: AdjustmentReason
  }
  /** The ledger of stock: how each change moved copies. Their sum is the stock. */
  stock_changes: Copies & {
    id: Generated<BigInteger>
    book_id: number
    kind: string
    /** The order or the adjustment. */
    key: string
    change_time: Generated<Date>
  }
}

interface Copies {
  /** That can be reserved. */
  free: number
  /** Reserved, not paid for. */
  held: number
  sold: number
}
