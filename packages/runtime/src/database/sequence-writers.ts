import { type Kysely, type QueryExecutorProvider, type RawBuilder, sql } from 'kysely'

// Transactions may commit in another order than that of the numbers they took, so a reader that goes by the number would
// miss what commits late. Each writer holds a lock, shared with all others, whose key is a number below all of its own.
const lastTaken = sql`(last_value - (not is_called)::integer)::integer`

/**
 * A query for a transaction that takes numbers of a sequence, before the first of them: `findSettledNumber` then waits for
 * its end. `sequence` is named with its schema, and belongs to an integer column.
 */
export function markSequenceWriter(sequence: string): RawBuilder<unknown> {
  return sql`
    select pg_advisory_xact_lock_shared(hashtext(${sequence}), ${lastTaken}) from ${sql.table(sequence)}`
}

/** The next number of a sequence, for rows that this transaction writes: `findSettledNumber` waits for its end. */
export async function takeNumber(
  transaction: QueryExecutorProvider & { isTransaction: boolean },
  sequence: string,
): Promise<number> {
  // Otherwise the lock would end before the row is written.
  if (!transaction.isTransaction) throw new TypeError('a number is taken in the transaction that writes its row')
  const { rows } = await sql<{ number: number }>`
    with writer as materialized (${markSequenceWriter(sequence)})
    select nextval(${sequence})::integer as number from writer`.execute(transaction)
  return rows[0]!.number
}

/** The last number that was taken of a sequence; 0 before the first. */
export async function findNewestNumber<Tables>(tables: Kysely<Tables>, sequence: string): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select ${lastTaken} as number from ${sql.table(sequence)}`.execute(tables)
  return rows[0]?.number ?? 0
}

/** The number of a sequence up to which a query that follows sees all rows that there will ever be. */
export async function findSettledNumber<Tables>(tables: Kysely<Tables>, sequence: string): Promise<number> {
  // In this order: a writer without a lock by the second query takes higher numbers than the first one read.
  const newest = await findNewestNumber(tables, sequence)
  const writing = await sql<{ number: number | null }>`
    select min(objid::bigint)::integer as number from pg_locks
    where locktype = 'advisory' and classid = hashtext(${sequence})::oid and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())`.execute(tables)
  return Math.min(newest, writing.rows[0]?.number ?? newest)
}
