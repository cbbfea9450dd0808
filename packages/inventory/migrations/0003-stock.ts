import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // The free copies that pages show, of which one more than a few stands for any greater number.
  await db.schema
    .alterTable('books')
    .addColumn('copies_shown', 'integer', (column) => column.notNull().defaultTo(0))
    .execute()

  await db.schema
    .createTable('stock')
    .addColumn('book_id', 'integer', (column) => column.primaryKey().references('books.id').onDelete('cascade'))
    .addColumn('free', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('held', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('sold', 'integer', (column) => column.notNull().defaultTo(0))
    .addCheckConstraint('free_is_not_negative', sql`free >= 0`)
    .addCheckConstraint('held_is_not_negative', sql`held >= 0`)
    .addCheckConstraint('sold_is_not_negative', sql`sold >= 0`)
    .execute()
  await sql`insert into inventory.stock (book_id) select id from inventory.books`.execute(db)

  // The lines are in the row: a statement that waited for the row gets those of its newest version with it.
  await db.schema
    .createTable('reservations')
    .addColumn('order_id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull().check(sql`state in ('held', 'committed', 'released')`))
    .addColumn('book_ids', sql`integer[]`, (column) => column.notNull().defaultTo('{}'))
    .addColumn('copies', sql`integer[]`, (column) => column.notNull().defaultTo('{}'))
    // Null for a release that came before its reservation.
    .addColumn('expires_at', 'timestamptz')
    .execute()
  await db.schema
    .createIndex('held_reservations_by_expiry')
    .on('reservations')
    .column('expires_at')
    .where(sql.ref('state'), '=', sql.lit('held'))
    .execute()

  await db.schema
    .createTable('adjustments')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('book_id', 'integer', (column) => column.notNull())
    .addColumn('delta', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    // The stock after it, as it was answered.
    .addColumn('free', 'integer', (column) => column.notNull())
    .addColumn('held', 'integer', (column) => column.notNull())
    .addColumn('sold', 'integer', (column) => column.notNull())
    .execute()

  // The ledger: a row for every change, of which the stock is the sum.
  await db.schema
    .createTable('stock_changes')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('book_id', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('free', 'integer', (column) => column.notNull())
    .addColumn('held', 'integer', (column) => column.notNull())
    .addColumn('sold', 'integer', (column) => column.notNull())
    .addColumn('change_time', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .execute()
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['stock_changes', 'adjustments', 'reservations', 'stock']) {
    await db.schema.dropTable(table).execute()
  }
  await db.schema.alterTable('books').dropColumn('copies_shown').execute()
}
