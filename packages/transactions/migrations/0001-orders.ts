import { createOutboxTable, dropOutboxTable } from '@books/runtime/outbox'
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'

const open = sql<SqlBool>`state in ('placed', 'reserved', 'authorized', 'committed', 'captured')`

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('secret', 'text')
    .addColumn('key_hash', 'bytea', (column) => column.notNull())
    .addColumn('request_hash', 'bytea', (column) => column.notNull())
    .addColumn('cart_id', 'text', (column) => column.notNull())
    .addColumn('reader_id', 'integer', (column) => column.notNull())
    .addColumn('customer', 'text', (column) => column.notNull())
    .addColumn('email', 'text')
    .addColumn('name', 'text')
    .addColumn('address', 'jsonb')
    .addColumn('network', 'text')
    .addColumn('return_url', 'text', (column) => column.notNull())
    .addColumn('currency', 'text', (column) => column.notNull())
    .addColumn('copies', 'integer', (column) => column.notNull())
    .addColumn('subtotal_cents', 'bigint', (column) => column.notNull())
    .addColumn('discount_cents', 'bigint', (column) => column.notNull())
    .addColumn('total_cents', 'bigint', (column) =>
      column.notNull().check(sql`total_cents = subtotal_cents - discount_cents`),
    )
    .addColumn('refunded_cents', 'bigint', (column) =>
      column.notNull().defaultTo(0).check(sql`refunded_cents between 0 and total_cents`),
    )
    .addColumn('promotion', 'text')
    .addColumn('is_promotion_returned', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('cancel_reason', 'text', (column) =>
      column.check(sql`(cancel_reason is not null) = (state = 'cancelled')`),
    )
    .addColumn('missing_books', 'jsonb')
    .addColumn('replaces', 'text')
    .addColumn('placed_at', 'timestamptz', (column) => column.notNull())
    .addColumn('pay_until', 'timestamptz', (column) => column.notNull())
    .addColumn('final_at', 'timestamptz', (column) =>
      column.check(sql`(final_at is not null) = (state in ('confirmed', 'cancelled'))`),
    )
    .addColumn('shipped_at', 'timestamptz')
    .addColumn('payment_begun_at', 'timestamptz')
    .addColumn('payment_id', 'text')
    .addColumn('redirect_url', 'text')
    .addColumn('revision', 'integer')
    .addColumn('next_step_time', 'timestamptz')
    .addColumn('lease', 'uuid')
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('hint_count', 'integer', (column) => column.notNull().defaultTo(0))
    .addUniqueConstraint('orders_key', ['key_hash'])
    .execute()
  const unique = (name: string, columns: string[], where: RawBuilder<SqlBool>) =>
    db.schema.createIndex(name).unique().on('orders').columns(columns).where(where).execute()
  await unique('orders_open_cart', ['cart_id'], open)
  await unique(
    'orders_promotion',
    ['customer', 'promotion'],
    sql<SqlBool>`promotion is not null and state <> 'cancelled' and not is_promotion_returned`,
  )
  await unique('orders_revision', ['revision'], sql<SqlBool>`revision is not null`)
  const index = (name: string, columns: string[], where: RawBuilder<SqlBool>) =>
    db.schema.createIndex(name).on('orders').columns(columns).where(where).execute()
  const unpaid = sql<SqlBool>`state in ('placed', 'reserved')`
  await index('orders_unpaid_customer', ['customer'], unpaid)
  await index('orders_unpaid_network', ['network'], unpaid)
  await index('orders_due', ['next_step_time'], sql<SqlBool>`next_step_time is not null`)
  await index('orders_unnumbered', ['final_at'], sql<SqlBool>`final_at is not null and revision is null`)
  await index('orders_of_reader', ['reader_id', 'placed_at', 'id'], sql<SqlBool>`reader_id > 0`)
  await index('orders_confirmed', ['final_at'], sql<SqlBool>`state = 'confirmed'`)
  await db.schema
    .createTable('order_lines')
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('book_id', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('author', 'text', (column) => column.notNull())
    .addColumn('copies', 'integer', (column) => column.notNull())
    .addColumn('unit_price_cents', 'bigint', (column) => column.notNull())
    .addColumn('discount_cents', 'bigint', (column) => column.notNull())
    .addColumn('refunded_copies', 'integer', (column) =>
      column.notNull().defaultTo(0).check(sql`refunded_copies between 0 and copies`),
    )
    .addPrimaryKeyConstraint('order_lines_pkey', ['order_id', 'book_id'])
    .execute()
  await db.schema
    .createTable('refunds')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('request_hash', 'bytea', (column) => column.notNull())
    .addColumn('lines', 'jsonb', (column) => column.notNull())
    .addColumn('amount_cents', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('is_restocked', 'boolean', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('payment_key', 'text', (column) => column.notNull())
    .addColumn('payment_key_time', 'timestamptz', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addUniqueConstraint('refunds_of_order', ['order_id', 'number'])
    .execute()
  await db.schema
    .createTable('offers')
    .addColumn('id', 'integer', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('promotion', 'text', (column) => column.notNull())
    .addColumn('reader_id', 'integer', (column) => column.notNull())
    .addUniqueConstraint('offers_once', ['promotion', 'reader_id'])
    .execute()
  await db.schema
    .createTable('deleted_readers')
    .addColumn('reader_id', 'integer', (column) => column.primaryKey())
    .execute()
  await db.schema
    .createTable('followed')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .execute()
  await createOutboxTable(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await dropOutboxTable(db)
  for (const table of ['followed', 'deleted_readers', 'offers', 'refunds', 'order_lines', 'orders']) {
    await db.schema.dropTable(table).execute()
  }
}
