import type { OutboxTables } from '@books/runtime/outbox'
import type { ColumnType, Generated } from 'kysely'

// What is never written again after its row was added.
type Fixed<Value> = ColumnType<Value, Value, never>

/** The tables of accounts. */
export interface Tables extends OutboxTables {
  accounts: {
    id: Fixed<string>
    reader_id: Generated<number>
    name: string
    email: string
    /** The address in the form that tells addresses apart. */
    email_key: string
    /** A PHC string of Argon2id. */
    password: string
    accepts_offers: boolean
    created_at: Fixed<Date>
  }
  sessions: {
    id: Fixed<string>
    /** SHA-256. */
    token_hash: Fixed<Buffer>
    account_id: Fixed<string>
    network: Fixed<string>
    user_agent: Fixed<string>
    created_at: Fixed<Date>
    last_seen_at: Date
  }
  /** What was mailed and may be used once. */
  links: {
    /** SHA-256. */
    token_hash: Fixed<Buffer>
    purpose: Fixed<LinkPurpose>
    email: Fixed<string>
    email_key: Fixed<string>
    /** The account that it changes; none where it creates one. */
    account_id: Fixed<string | null>
    expires_at: Fixed<Date>
  }
  /** The networks from which an account was signed in, so that attempts from others do not slow its owner down. */
  known_networks: {
    account_id: Fixed<string>
    network: Fixed<string>
    seen_at: Date
  }
  /** Readers whose accounts were deleted. */
  deleted_readers: {
    revision: Fixed<number>
    reader_id: Fixed<number>
  }
  /** How often something was tried. */
  attempts: {
    /** What is counted and for whom; addresses and networks only as a hash. */
    key: Fixed<string>
    /** Halves with time. */
    failures: number
    counted_at: Date
    allowed_at: Date
  }
}

/** What a link is for. */
export type LinkPurpose = 'sign-up' | 'password-reset' | 'email-change'
