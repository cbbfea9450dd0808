import type { Kysely } from 'kysely'
import type { OutboxTables } from './outbox-table.ts'

/** Something to do after a commit. */
export interface NewJob {
  /** Says which handler does it. */
  kind: string
  /** Names the job among those of its kind. It is logged, so it must not contain personal data. */
  key: string
  /** What the handler needs, as JSON. It may contain personal data: it is erased once the job is done. */
  payload: unknown
  /** Not before this time; at once without it. */
  dueAt?: Date
}

/**
 * Adds a job to the caller's transaction: it is done if that commits, and else never was. Resolves to false, and changes nothing,
 * where there is a job of this kind and key, or was one in the last 90 days.
 */
export async function enqueue<Tables extends OutboxTables>(
  transaction: Kysely<Tables>,
  { kind, key, payload, dueAt }: NewJob,
): Promise<boolean> {
  const added = await (transaction as unknown as Kysely<OutboxTables>)
    .insertInto('outbox')
    .values({ kind, key, payload: JSON.stringify(payload), ...(dueAt && { due_time: dueAt, next_try_time: dueAt }) })
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}
