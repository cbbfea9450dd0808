import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence inventory.revisions`.execute(db)
  await db.schema
    .createTable('books')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('author', 'text', (column) => column.notNull())
    .addColumn('year', 'integer', (column) => column.notNull())
    .addColumn('category', 'text', (column) => column.notNull())
    .addColumn('price_cents', 'bigint', (column) => column.notNull())
    .addColumn('currency', 'text', (column) => column.notNull())
    .addColumn('revision', 'bigint', (column) =>
      column.notNull().unique().defaultTo(sql`nextval('inventory.revisions')`),
    )
    // The keys that books are sorted by, the same in any locale.
    .addColumn('title_key', sql`text collate "C"`, (column) => column.notNull())
    .addColumn('author_key', sql`text collate "C"`, (column) => column.notNull())
    // Checked at the end of a transaction, so that two books may swap their titles in one.
    .addUniqueConstraint('books_are_distinct', ['title', 'author'], (constraint) =>
      constraint.deferrable().initiallyDeferred(),
    )
    .execute()

  for (const first of ['author_key', 'year', 'price_cents']) {
    await db.schema.createIndex(`books_by_${first}`).on('books').columns([first, 'title_key', 'id']).execute()
  }
  await db.schema.createIndex('books_by_title_key').on('books').columns(['title_key', 'id']).execute()
  await db.schema.createIndex('books_by_category').on('books').columns(['category', 'title_key', 'id']).execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('books').execute()
  await sql`drop sequence inventory.revisions`.execute(db)
}
