import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('interactions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('place', 'serial', (column) => column.notNull().unique())
    .addColumn('reader_id', 'integer', (column) => column.notNull())
    .addColumn('book_id', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('rating', 'integer', (column) => column.notNull())
    .addColumn('time', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema
    .alterTable('books')
    .addColumn('key', 'text', (column) => column.unique())
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('interactions').execute()
  await db.schema.alterTable('books').dropColumn('key').execute()
}
