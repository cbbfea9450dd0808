import { type Kysely, type RawBuilder, sql } from 'kysely'

// Transactions may commit in another order than that of the numbers they took, so a reader that goes by the number would
// miss what commits late. Each writer holds a lock, shared with all others, whose key is a number below all of its own.
// `last_value` is the last number taken, or the first one while none was.

/**
 * A query for a transaction that takes numbers of a sequence, before the first of them: `findSettledNumber` then waits for
 * its end. `sequence` is named with its schema, and belongs to an integer column.
 */
export function markSequenceWriter(sequence: string): RawBuilder<unknown> {
  return sql`
    select pg_advisory_xact_lock_shared(hashtext(${sequence}), (last_value - 1)::integer) from ${sql.table(sequence)}`
}

/** The number of a sequence up to which a query that follows sees all rows that there will ever be. */
export async function findSettledNumber<Tables>(tables: Kysely<Tables>, sequence: string): Promise<number> {
  // In this order: a writer without a lock by the second query takes higher numbers than the first one read.
  const taken = await sql<{ number: number }>`
    select (last_value - 1)::integer as number from ${sql.table(sequence)}`.execute(tables)
  const writing = await sql<{ number: number | null }>`
    select min(objid::bigint)::integer as number from pg_locks
    where locktype = 'advisory' and classid = hashtext(${sequence})::oid and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())`.execute(tables)
  const last = taken.rows[0]?.number ?? 0
  return Math.min(last, writing.rows[0]?.number ?? last)
}
