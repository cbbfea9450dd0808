import type { OutboxTables } from '@books/runtime/outbox'
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { CancelCause, OrderState } from './orders/order-state.ts'

// What is never written again after its row was added.
type Fixed<Value> = ColumnType<Value, Value, never>
/** Cents: as text from a server, as a number from the embedded database. */
type Cents = ColumnType<string | number, number, number>
/** SHA-256: as a Buffer from a server, as a plain array from the embedded database. */
type Hash = ColumnType<Uint8Array, Buffer, never>
type FixedCents = ColumnType<string | number, number, never>
type Later<Value> = ColumnType<Value | null, undefined, Value | null>

/** Where an order is sent. */
export interface StoredAddress {
  street: string
  postalCode: string
  city: string
  country: string
}

/** Copies of a book. */
export interface Copies {
  bookId: number
  copies: number
}

/** The tables of transactions. */
export interface Tables extends OutboxTables {
  orders: {
    id: Fixed<string>
    /** Opens a guest's order; null for a reader's. */
    secret: Fixed<string | null>
    /** SHA-256 of the idempotency key. */
    key_hash: Hash
    /** SHA-256 of what was requested under it. */
    request_hash: Hash
    cart_id: Fixed<string>
    /** 0 for a guest. */
    reader_id: Fixed<number>
    /** Tells customers apart for promotions and limits: `reader:7`, or `email:` with a guest's address in lower case. */
    customer: Fixed<string>
    /** Null once they are erased. */
    email: string | null
    name: string | null
    address: ColumnType<StoredAddress | null, string, null>
    /** Null once the order is final. */
    network: string | null
    return_url: Fixed<string>
    currency: Fixed<string>
    /** Of all lines. */
    copies: Fixed<number>
    subtotal_cents: FixedCents
    discount_cents: FixedCents
    total_cents: FixedCents
    refunded_cents: ColumnType<string | number, undefined, number>
    promotion: Fixed<string | null>
    /** Whether the customer may use the promotion again, as all was refunded. */
    is_promotion_returned: Generated<boolean>
    state: OrderState
    cancel_reason: Later<CancelCause>
    /** What ReserveStock said of books that lack copies. */
    missing_books: ColumnType<Record<string, string> | null, undefined, string | null>
    /** The order of the same cart whose hold is released before this one's copies are held. */
    replaces: Fixed<string | null>
    placed_at: Fixed<Date>
    pay_until: Fixed<Date>
    final_at: Later<Date>
    shipped_at: Later<Date>
    /** When the key of the payment was stored, before the provider was asked for the first time. */
    payment_begun_at: Later<Date>
    payment_id: Later<string>
    redirect_url: Later<string>
    /** Counts final orders for those that follow them; given after the commit that made the order final. */
    revision: Later<number>
    /** When the next step is to be made, or while one is made when its lease ends; null where there is nothing left to do. */
    next_step_time: Date | null
    /** Changes with each turn; null while no process makes a step. */
    lease: string | null
    /** How often the next step failed. */
    attempts: Generated<number>
    /** How often the order was said to have changed at the provider. */
    hint_count: Generated<number>
  }
  order_lines: {
    order_id: Fixed<string>
    book_id: Fixed<number>
    position: Fixed<number>
    title: Fixed<string>
    author: Fixed<string>
    copies: Fixed<number>
    unit_price_cents: FixedCents
    discount_cents: FixedCents
    /** Refunded, or about to be. */
    refunded_copies: Generated<number>
  }
  refunds: {
    key: Fixed<string>
    order_id: Fixed<string>
    /** From 1 for each order. */
    number: Fixed<number>
    request_hash: Hash
    lines: ColumnType<Copies[], string, never>
    amount_cents: Cents
    reason: Fixed<string>
    /** Whether the copies can be sold again. */
    is_restocked: Fixed<boolean>
    state: 'pending' | 'done' | 'refused'
    /** The key of the next call of the provider, and since when it was used. */
    payment_key: string
    payment_key_time: Date
    created_at: Fixed<Date>
  }
  /** To whom a promotion was mailed. */
  offers: {
    id: GeneratedAlways<number>
    promotion: Fixed<string>
    reader_id: Fixed<number>
  }
  /** Readers whose accounts were deleted. */
  deleted_readers: {
    reader_id: Fixed<number>
  }
  /** What this service follows, and up to which revision. */
  followed: {
    name: Fixed<string>
    revision: ColumnType<string | number, number, number>
  }
}
