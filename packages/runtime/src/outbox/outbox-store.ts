import { type Kysely, sql } from 'kysely'
import type { OutboxTables } from './outbox-table.ts'

/** A job that this process may do until its lease ends. */
export interface LeasedJob {
  id: string | number
  kind: string
  key: string
  payload: unknown
  /** This one included. */
  attempts: number
  lease: string
}

/** What an operator needs to know of an outbox. */
export interface OutboxState {
  /** For how long the oldest job that is due has been due; 0 without one. */
  oldestAgeSeconds: number
  parked: number
}

/** The jobs of an outbox, as its worker sees them. All times are the database's. */
export interface OutboxStore {
  /** Leases jobs of these kinds that are due, the longest due first. Several processes never lease the same one. */
  leaseDue(kinds: readonly string[], limit: number, leaseMs: number): Promise<LeasedJob[]>
  /** Extends leases, and resolves to those that are still held. */
  renew(leases: readonly string[], leaseMs: number): Promise<string[]>
  /** Its key is kept, and its payload erased. Works without the lease, too, as what is done is done. */
  finish(job: LeasedJob): Promise<void>
  /** Makes the job due after a delay. Changes nothing where the lease was lost. */
  tryAgain(job: LeasedJob, delayMs: number): Promise<void>
  /** Changes nothing where the lease was lost. */
  park(job: LeasedJob, reason: string): Promise<void>
  /** Removes jobs that were done so long ago. */
  removeDone(keepDays: number): Promise<void>
  readState(): Promise<OutboxState>
}

/** The jobs in the table of one schema. */
export function createOutboxStore(tables: Kysely<OutboxTables>): OutboxStore {
  const inMs = (ms: number) => sql<Date>`now() + make_interval(secs => ${ms / 1_000})`
  const whereLeased = ({ id, lease }: LeasedJob) =>
    tables.updateTable('outbox').where('id', '=', id).where('lease', '=', lease)

  return {
    leaseDue: (kinds, limit, leaseMs) =>
      tables
        // Not a subquery of the condition, which a plan may run more than once, and lease more.
        .with('due', (db) =>
          db
            .selectFrom('outbox')
            .select('id')
            .where('next_try_time', '<=', sql<Date>`now()`)
            .where('kind', 'in', kinds)
            .orderBy('next_try_time')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .updateTable('outbox')
        .from('due')
        .whereRef('outbox.id', '=', 'due.id')
        .set((eb) => ({
          lease: sql<string>`gen_random_uuid()`,
          next_try_time: inMs(leaseMs),
          attempts: eb('outbox.attempts', '+', 1),
        }))
        .returning(['outbox.id', 'kind', 'key', 'payload', 'attempts', 'lease'])
        .$narrowType<{ lease: string }>()
        .execute(),

    async renew(leases, leaseMs) {
      const held = await tables
        .updateTable('outbox')
        .set({ next_try_time: inMs(leaseMs) })
        .where('lease', 'in', leases)
        .returning('lease')
        .$narrowType<{ lease: string }>()
        .execute()
      return held.map(({ lease }) => lease)
    },

    async finish({ id }) {
      await erase(tables).where('id', '=', id).where('done_time', 'is', null).execute()
    },

    async tryAgain(job, delayMs) {
      await whereLeased(job)
        .set({ lease: null, next_try_time: inMs(delayMs) })
        .execute()
    },

    async park(job, parked_reason) {
      await whereLeased(job)
        .set({ lease: null, next_try_time: null, parked_time: sql<Date>`now()`, parked_reason })
        .execute()
    },

    async removeDone(keepDays) {
      await tables
        .deleteFrom('outbox')
        .where('done_time', '<', sql<Date>`now() - make_interval(days => ${keepDays})`)
        .execute()
    },

    async readState() {
      const { oldest_age, parked } = await tables
        .selectNoFrom(({ selectFrom, fn }) => [
          selectFrom('outbox')
            .select(sql<number>`extract(epoch from now() - min(due_time))::float`.as('age'))
            .where('next_try_time', 'is not', null)
            .where('due_time', '<=', sql<Date>`now()`)
            .as('oldest_age'),
          selectFrom('outbox').select(fn.countAll().as('count')).where('parked_time', 'is not', null).as('parked'),
        ])
        .executeTakeFirstOrThrow()
      return { oldestAgeSeconds: oldest_age ?? 0, parked: Number(parked) }
    },
  }
}

/** Ends jobs: their keys are kept, so that they are not enqueued again, and nothing else. */
export function erase(tables: Kysely<OutboxTables>) {
  return tables.updateTable('outbox').set({
    payload: null,
    lease: null,
    next_try_time: null,
    parked_time: null,
    parked_reason: null,
    done_time: sql<Date>`now()`,
  })
}
