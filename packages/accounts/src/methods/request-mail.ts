import { enqueue } from '@books/runtime/outbox'
import { mailLimit, networkLimit } from '../attempts/attempt-limit.ts'
import type { LinkRequest } from '../mails/link-jobs.ts'
import type { SessionOrigin } from '../session-store.ts'
import { createId } from '../token.ts'
import type { AccountsDeps } from './deps.ts'

/**
 * Has a link mailed. Whether the address has an account is looked at only by the job, so that a caller cannot tell by the answer or by
 * how long it took. Throws RESOURCE_EXHAUSTED where there were too many for the address or from the network.
 */
export async function requestMail(
  request: LinkRequest,
  { network }: SessionOrigin,
  { stores, attempts, now, wakeOutbox }: AccountsDeps,
): Promise<void> {
  if (network !== '') await attempts.begin({ kind: 'network', subject: [network], limit: networkLimit }, now())
  await attempts.begin({ kind: 'mail', subject: [request.kind, request.emailKey], limit: mailLimit }, now())
  await enqueue(stores.tables, { kind: request.kind, key: createId(), payload: request })
  wakeOutbox()
}
