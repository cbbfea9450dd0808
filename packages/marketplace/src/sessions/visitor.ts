import type { Account } from '@books/proto'

/** Who visits the shop. */
export type Visitor =
  /** Without a session. */
  | { kind: 'guest' }
  /** With a session of which accounts did not say whose it is. */
  | { kind: 'unknown' }
  /** Signed in. */
  | { kind: 'reader'; account: Account; token: string }

/** A visitor who is signed in. */
export type Reader = Extract<Visitor, { kind: 'reader' }>
