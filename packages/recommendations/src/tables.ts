import type { ColumnType, Generated } from 'kysely'
import type { Book } from './books/book.ts'
import type { Kind } from './readers/interaction.ts'

/** The tables of recommendations. */
export interface Tables {
  books: Book & {
    /** The id in the file that it was imported from; null for the books of the catalogue. */
    key: ColumnType<string | null, string | undefined, never>
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
  /** The revision up to which what another service tells was stored. */
  followed: {
    source: 'inventory' | 'transactions'
    /** A bigint, which the driver may return as text. */
    revision: ColumnType<number | string, never, number>
  }
  /** The lease on training. */
  training_claims: {
    place: string
    holder: string
    until: Date
  }
  models: {
    version: Generated<number>
    made_at: Generated<Date>
    bytes: Uint8Array
  }
}
