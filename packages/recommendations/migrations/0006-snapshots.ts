import { type Kysely, sql } from 'kysely'

interface Tables {
  followed: { source: string; revision: number }
  models: { version: number }
}

export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .alterTable('books')
    .addColumn('revision', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute()
  await db.schema.createIndex('books_revision').on('books').column('revision').execute()
  await db.insertInto('followed').values({ source: 'era', revision: 0 }).execute()
  await db.schema
    .createTable('file_parts')
    .addColumn('file', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('part', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'bytea', (column) => column.notNull())
    .addPrimaryKeyConstraint('file_parts_key', ['file', 'version', 'part'])
    .execute()
  // Models are in parts from now on; the next start trains one.
  await db.deleteFrom('models').execute()
  // Models and snapshots are compact already; compressing them costs more than it saves.
  await sql`alter table recommendations.file_parts alter column bytes set storage external`.execute(db)
}

export async function down(db: Kysely<Tables>): Promise<void> {
  await db.schema.dropTable('file_parts').execute()
  await db.deleteFrom('followed').where('source', '=', 'era').execute()
  await db.schema.alterTable('books').dropColumn('revision').execute()
}
