import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('carts')
    // In this collation a guest's is before every reader's, so the two of a merge are locked in the order of all others.
    .addColumn('id', sql`text collate "C"`, (column) => column.primaryKey())
    .addColumn('changed_at', 'timestamptz', (column) => column.notNull())
    .addColumn('merged_into', sql`text collate "C"`)
    .execute()
  await db.schema
    .createIndex('guest_carts_by_changed_at')
    .on('carts')
    .column('changed_at')
    .where(sql<boolean>`id not like 'reader:%'`)
    .execute()
  await db.schema
    .createTable('lines')
    .addColumn('cart_id', sql`text collate "C"`, (column) =>
      column.notNull().references('carts.id').onDelete('cascade'),
    )
    .addColumn('book_id', 'integer', (column) => column.notNull())
    .addColumn('position', 'bigint', (column) => column.generatedAlwaysAsIdentity())
    .addColumn('copies', 'integer', (column) => column.notNull().check(sql`copies between 1 and 20`))
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('author', 'text', (column) => column.notNull())
    .addColumn('added_price_cents', 'bigint', (column) => column.notNull())
    .addColumn('currency', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('lines_pkey', ['cart_id', 'book_id'])
    .execute()
  await db.schema
    .createTable('taken_orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .execute()
  await db.schema
    .createTable('followed')
    .addColumn('source', 'text', (column) => column.primaryKey())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .execute()
  await sql`insert into cart.followed values ('transactions', 0)`.execute(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['followed', 'taken_orders', 'lines', 'carts']) await db.schema.dropTable(table).execute()
}
