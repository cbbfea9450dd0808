import { type ColumnType, type Generated, type GeneratedAlways, type Kysely, sql } from 'kysely'

/** The table of jobs that follow a commit. A service's own tables extend it. */
export interface OutboxTables {
  outbox: {
    /** As text from a server, as a number from the embedded database. */
    id: GeneratedAlways<string | number>
    kind: string
    /** Unique within its kind, also after the job is done. */
    key: string
    /** JSON; erased once the job is done or dropped. */
    payload: ColumnType<unknown, string, null>
    /** When the job was to be done first. */
    due_time: Generated<Date>
    /** When it may be tried, or while it runs when its lease ends; null once it is done or parked. */
    next_try_time: ColumnType<Date | null, Date | undefined, Date | null>
    /** Changes with each try; null while it does not run. */
    lease: ColumnType<string | null, undefined, string | null>
    attempts: Generated<number>
    parked_time: ColumnType<Date | null, undefined, Date | null>
    parked_reason: ColumnType<string | null, undefined, string | null>
    done_time: ColumnType<Date | null, undefined, Date | null>
  }
}

/** Creates the table `outbox` of a schema, for a migration. What it creates stays as it is: a change needs a step of its own. */
export async function createOutboxTable(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`
  await db.schema
    .createTable('outbox')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('payload', 'jsonb')
    .addColumn('due_time', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('next_try_time', 'timestamptz', (column) => column.defaultTo(now))
    .addColumn('lease', 'uuid')
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('parked_time', 'timestamptz')
    .addColumn('parked_reason', 'text')
    .addColumn('done_time', 'timestamptz')
    .addUniqueConstraint('outbox_kind_key', ['kind', 'key'])
    .execute()
  // Most rows are done, and in one of these indexes only.
  for (const column of ['next_try_time', 'parked_time', 'done_time']) {
    await db.schema
      .createIndex(`outbox_${column}`)
      .on('outbox')
      .column(column)
      .where(sql.ref(column), 'is not', null)
      .execute()
  }
}

/** Drops what `createOutboxTable` created. */
export async function dropOutboxTable(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('outbox').execute()
}
