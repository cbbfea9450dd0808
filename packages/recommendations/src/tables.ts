import type { ColumnType, Generated } from 'kysely'
import type { Book } from './books/book.ts'
import type { Kind } from './readers/interaction.ts'

/** The tables of recommendations. */
export interface Tables {
  books: Book & {
    /** The id in the file that it was imported from; null for the books of the catalogue. */
    key: ColumnType<string | null, string | undefined, never>
    /** The revision of inventory with which it was stored; 0 for the first books and those that were imported. */
    revision: ColumnType<number | string, number | undefined, number>
  }
  interactions: {
    id: string
    /** A sequence number in the order of recording. */
    place: Generated<number>
    reader_id: number
    book_id: number
    kind: Kind
    rating: number
    time: Date
  }
  /**
   * The revision up to which what another service tells was stored. That of `era` is a count instead: of times when something was
   * removed or renumbered, so that what was read before is of no use.
   */
  followed: {
    source: 'inventory' | 'transactions' | 'reviews' | 'era'
    /** A bigint, which the driver may return as text. */
    revision: ColumnType<number | string, never, number>
  }
  /** The lease on training. */
  training_claims: {
    place: string
    holder: string
    until: Date
  }
  /** Numbers and times of the stored models. */
  models: {
    version: Generated<number>
    made_at: Generated<Date>
    /** Empty: the bytes of a model are in `file_parts`. Versions before had them here. */
    bytes: Uint8Array
  }
  /** Files that the processes of a database server share, in parts that are sent and read one by one. */
  file_parts: {
    file: 'model' | 'snapshot'
    version: number
    part: number
    bytes: Uint8Array
  }
}
