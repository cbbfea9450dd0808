import type { ColumnType, GeneratedAlways } from 'kysely'

// What is never written again after its row was added.
type Fixed<Value> = ColumnType<Value, Value, never>
/** A bigint, which the driver may return as text. */
type Big = ColumnType<number | string, number, number>

/** The tables of cart. */
export interface Tables {
  carts: {
    id: Fixed<string>
    /** When its lines were changed. */
    changed_at: Date
    /** The reader's cart that a guest's lines are in now; an order of the guest's is taken out of that. */
    merged_into: ColumnType<string | null, undefined, string | null>
  }
  lines: {
    cart_id: Fixed<string>
    book_id: Fixed<number>
    /** Grows in the order in which books are added. */
    position: GeneratedAlways<number>
    copies: number
    /** The book as it was when it was added: shown while inventory cannot be followed. */
    title: Fixed<string>
    author: Fixed<string>
    added_price_cents: ColumnType<number | string, number, never>
    currency: Fixed<string>
  }
  /** Orders whose copies have left their carts. */
  taken_orders: {
    id: Fixed<string>
  }
  /** The revision up to which another service was followed. */
  followed: {
    source: 'transactions'
    revision: Big
  }
}
