import type { ReportReason } from '@books/proto'
import type { OutboxTables } from '@books/runtime/outbox'
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

// What is never written again after its row was added.
type Fixed<Value> = ColumnType<Value, Value, never>
/** A bigint: as text from a server, as a number from the embedded database. */
type Big = ColumnType<string | number, number, number>

/** Whether readers are shown a review: `reported` and `hidden` are seen only by their writers, the first until a person decides. */
export type ReviewState = 'shown' | 'reported' | 'hidden'

/** The tables of reviews. */
export interface Tables extends OutboxTables {
  reviews: {
    id: Fixed<string>
    /** Grows from review to review. */
    number: GeneratedAlways<string | number>
    book_id: Fixed<number>
    /** Null for a sample, and where the account was deleted. */
    reader_id: number | null
    /** Empty where the account was deleted. */
    name: string
    stars: number
    title: string
    text: string
    /** Null until transactions has told. */
    bought_here: boolean | null
    is_sample: ColumnType<boolean, boolean | undefined, never>
    helpful: Generated<number>
    not_helpful: Generated<number>
    /** The lower bound of Wilson's interval. */
    helpfulness: Generated<number>
    written_at: Fixed<Date>
    changed_at: ColumnType<Date | null, undefined, Date>
    state: Generated<ReviewState>
    /** Since when it waits for a decision of a person. */
    reported_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    /** Whether it is shown and has a text. */
    is_listed: GeneratedAlways<boolean>
  }
  votes: {
    review_id: Fixed<string>
    /** Null where the account was deleted: its vote still counts. */
    reader_id: number | null
    is_helpful: boolean
  }
  reports: {
    review_id: Fixed<string>
    reader_id: number | null
    reason: ReportReason
    comment: string
    reported_at: Date
    /** Whether a person has decided since. */
    is_decided: Generated<boolean>
  }
  /** The ratings of each book, without those that are hidden. */
  ratings: {
    book_id: Fixed<number>
    /** How many gave 1, 2, 3, 4 and 5 stars. */
    histogram: number[]
    count: GeneratedAlways<number>
    sum: GeneratedAlways<number>
  }
  /** The rating of each reader and book, for those that follow them. */
  reader_ratings: {
    reader_id: Fixed<number>
    book_id: Fixed<number>
    /** 0 where it was taken back. */
    stars: number
    rated_at: Date
    revision: number
    /** Whether the reader deleted the review while it was hidden: a new one waits for a decision, too. */
    was_hidden: Generated<boolean>
  }
  /** Those who wrote something. */
  readers: {
    reader_id: Fixed<number>
    /** When a new account wrote its last reviews, in milliseconds since 1970. */
    recent_ms: Generated<number[]>
    /** Whether the account was deleted. */
    is_deleted: Generated<boolean>
  }
  /** The books of inventory. */
  books: {
    id: number
    title: string
    /** A value of inventory's Category. */
    category: number
  }
  /** Up to which revision another service was followed. */
  followed: {
    source: 'inventory' | 'accounts'
    revision: Big
    /** Whether everything that it has was known once. */
    is_complete: boolean
  }
}
