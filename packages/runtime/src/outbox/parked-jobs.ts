import { type Kysely, sql } from 'kysely'
import { erase } from './outbox-store.ts'
import type { OutboxTables } from './outbox-table.ts'

/** A job that is not tried any more. */
export interface ParkedJob {
  id: string
  kind: string
  key: string
  attempts: number
  dueTime: Date
  parkedTime: Date
  reason: string
}

/** The parked jobs of an outbox, as an operator sees them: without their payloads, which may be personal. */
export interface ParkedJobs {
  /** The last parked first. */
  list(): Promise<ParkedJob[]>
  /** Makes jobs due now, all of them without `ids`, with all their tries before them. Resolves to their keys. */
  retry(ids?: readonly string[]): Promise<string[]>
  /** Ends jobs, all of them without `ids`, as if they were done. Resolves to their keys. */
  drop(ids?: readonly string[]): Promise<string[]>
}

/** The parked jobs in the table of one schema. */
export function createParkedJobs<Tables extends OutboxTables>(tables: Kysely<Tables>): ParkedJobs {
  const outbox = tables as unknown as Kysely<OutboxTables>

  return {
    async list() {
      const rows = await outbox
        .selectFrom('outbox')
        .select(['id', 'kind', 'key', 'attempts', 'due_time', 'parked_time', 'parked_reason'])
        .where('parked_time', 'is not', null)
        .orderBy('parked_time', 'desc')
        .$narrowType<{ parked_time: Date }>()
        .execute()
      return rows.map(({ id, due_time, parked_time, parked_reason, ...job }) => ({
        ...job,
        id: String(id),
        dueTime: due_time,
        parkedTime: parked_time,
        reason: parked_reason ?? '',
      }))
    },

    async retry(ids) {
      const retried = await outbox
        .updateTable('outbox')
        .set({ attempts: 0, next_try_time: sql<Date>`now()`, parked_time: null, parked_reason: null })
        .where('parked_time', 'is not', null)
        .$if(ids !== undefined, (query) => query.where('id', 'in', ids ?? []))
        .returning('key')
        .execute()
      return retried.map(({ key }) => key)
    },

    async drop(ids) {
      const dropped = await erase(outbox)
        .where('parked_time', 'is not', null)
        .$if(ids !== undefined, (query) => query.where('id', 'in', ids ?? []))
        .returning('key')
        .execute()
      return dropped.map(({ key }) => key)
    },
  }
}
