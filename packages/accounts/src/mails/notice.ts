import { enqueueMail, type MailContent } from '@books/mail'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import { createId } from '../token.ts'

/** Has something told by mail once the transaction is committed. */
export async function enqueueNotice(tables: Kysely<Tables>, to: string, content: MailContent): Promise<void> {
  await enqueueMail(tables, { key: `notice-${createId()}`, to, content })
}

/** Removes what the outbox still has for an address. */
export async function forgetMails(tables: Kysely<Tables>, email: string): Promise<void> {
  await tables
    .deleteFrom('outbox')
    .where((where) => where.or([where(sql`payload ->> 'to'`, '=', email), where(sql`payload ->> 'email'`, '=', email)]))
    .execute()
}
