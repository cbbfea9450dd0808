import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence accounts.deleted_reader_revisions as integer`.execute(db)
  await db.schema
    .createTable('deleted_readers')
    .addColumn('revision', 'integer', (column) => column.primaryKey())
    .addColumn('reader_id', 'integer', (column) => column.notNull().unique())
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('deleted_readers').execute()
  await sql`drop sequence accounts.deleted_reader_revisions`.execute(db)
}
