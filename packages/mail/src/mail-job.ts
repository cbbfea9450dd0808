import { enqueue, type Handler, type OutboxTables } from '@books/runtime/outbox'
import type { Kysely } from 'kysely'
import type { Mailer, NewMail } from './mailer.ts'

const kind = 'mail'

/** Adds a mail to the caller's transaction: it is sent if that commits. Resolves to false where there is one of this key already. */
export function enqueueMail<Tables extends OutboxTables>(
  transaction: Kysely<Tables>,
  { key, to, content }: NewMail,
): Promise<boolean> {
  return enqueue(transaction, { kind, key, payload: { to, content } })
}

/** The handler of those mails, for `startOutbox`. */
export function mailHandlers(mailer: Mailer): Readonly<Record<string, Handler>> {
  return {
    [kind]: ({ key, payload }) => mailer.send({ key, ...(payload as Omit<NewMail, 'key'>) }),
  }
}
