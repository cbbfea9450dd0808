import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence notes.revisions as integer`.execute(db)
  await db.schema
    .createTable('notes')
    .addColumn('revision', 'integer', (column) => column.primaryKey())
    .addColumn('text', 'text', (column) => column.notNull())
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('notes').execute()
  await sql`drop sequence notes.revisions`.execute(db)
}
