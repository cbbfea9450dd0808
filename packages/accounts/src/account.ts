import type { Account as AccountMessage, Session as SessionMessage } from '@books/proto'
import type { Selectable } from 'kysely'
import type { Tables } from './tables.ts'

/** A person who has proven an address. */
export type Account = Selectable<Tables['accounts']>

/** Where a person is signed in. */
export type Session = Selectable<Tables['sessions']>

/** An account as callers see it, without its password. */
export function toAccountMessage(account: Account): AccountMessage {
  const { id, reader_id, name, email, accepts_offers, created_at } = account
  return { id, readerId: reader_id, name, email, acceptsOffers: accepts_offers, createdAt: created_at }
}

/** A session as its owner sees it, without its token. */
export function toSessionMessage(session: Session, currentId: string): SessionMessage {
  const { id, network, user_agent, created_at, last_seen_at } = session
  return {
    ...{ id, network, userAgent: user_agent, createdAt: created_at, lastSeenAt: last_seen_at },
    isCurrent: id === currentId,
  }
}
