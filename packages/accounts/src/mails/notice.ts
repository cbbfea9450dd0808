import { enqueueMail, type MailContent } from '@books/mail'
import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import { createId } from '../token.ts'

/** Has something told by mail once the transaction is committed. */
export async function enqueueNotice(tables: Kysely<Tables>, to: string, content: MailContent): Promise<void> {
  await enqueueMail(tables, { key: `notice-${createId()}`, to, content })
}
