import { createHash } from 'node:crypto'
import { resourceExhausted, retryAfter } from '@books/rpc'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { AttemptLimit } from './attempt-limit.ts'

/** What is counted, such as `network`, and for whom. */
export interface Attempt {
  kind: string
  subject: readonly string[]
  limit: AttemptLimit
}

/** Counts attempts in the database, so that replicas share the counts and a restart keeps them. */
export interface AttemptStore {
  /** Counts an attempt. Fails with RESOURCE_EXHAUSTED, and does not count it, before the pause after the last one is over. */
  begin(attempt: Attempt, now: Date): Promise<void>
  /** Takes back an attempt that was right. */
  succeed(attempt: Attempt): Promise<void>
  /** Forgets everything that was counted for it. */
  forget(attempt: Attempt): Promise<void>
  /** Removes the counts that no longer slow anything down. */
  sweep(now: Date): Promise<void>
}

// Longer than a count of any limit matters.
const keptMs = 24 * 60 * 60_000

/** Stores attempts in the service's own tables. */
export function createAttemptStore(tables: Kysely<Tables>): AttemptStore {
  return {
    async begin(attempt, now) {
      const key = keyOf(attempt)
      const { free, firstDelayMs, longestDelayMs, halfLifeMs } = attempt.limit
      // Another caller's clock may be ahead, be it by the moment that its attempt began later.
      const countedAt = sql<Date>`greatest(${now}::timestamptz, attempts.counted_at)`
      const elapsedMs = sql`extract(epoch from ${countedAt} - attempts.counted_at) * 1000`
      const failures = sql<number>`attempts.failures * power(0.5, ${elapsedMs} / ${halfLifeMs}::double precision) + 1`
      // The exponent is bounded before the power, which would overflow.
      const delayMs = sql`case when ${failures} <= ${free} then 0
        else least(${longestDelayMs}, ${firstDelayMs} * power(2, least(${failures} - ${free}, 30) - 1)) end`
      const { numInsertedOrUpdatedRows = 0n } = await tables
        .insertInto('attempts')
        .values({ key, failures: 1, counted_at: now, allowed_at: now })
        // One statement, so that attempts at the same time count one after the other.
        .onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet({
              failures,
              counted_at: countedAt,
              allowed_at: sql<Date>`${countedAt} + make_interval(secs => (${delayMs}) / 1000)`,
            })
            .where('attempts.allowed_at', '<=', countedAt),
        )
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows === 0n) throw tooMany(await allowedAt(key), now)
    },

    async succeed(attempt) {
      await tables
        .updateTable('attempts')
        .set({ failures: sql<number>`greatest(failures - 1, 0)` })
        .where('key', '=', keyOf(attempt))
        .execute()
    },

    async forget(attempt) {
      await tables.deleteFrom('attempts').where('key', '=', keyOf(attempt)).execute()
    },

    async sweep(now) {
      await tables
        .deleteFrom('attempts')
        .where('allowed_at', '<', new Date(now.getTime() - keptMs))
        .execute()
    },
  }

  async function allowedAt(key: string): Promise<Date | undefined> {
    const row = await tables.selectFrom('attempts').select('allowed_at').where('key', '=', key).executeTakeFirst()
    return row?.allowed_at
  }
}

function tooMany(allowedAt: Date | undefined, now: Date) {
  const waitMs = Math.max((allowedAt?.getTime() ?? 0) - now.getTime(), 1_000)
  return resourceExhausted('Too many attempts', retryAfter(waitMs))
}

function keyOf({ kind, subject }: Attempt): string {
  const hash = createHash('sha256').update(JSON.stringify(subject)).digest('base64url')
  return `${kind}:${hash}`
}
