import { createOutboxTable, dropOutboxTable } from '@books/runtime/outbox'
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Imported and demonstration readers have ids below.
  await sql`create sequence accounts.reader_ids as integer start 1000000000`.execute(db)
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('reader_id', 'integer', (column) =>
      column.notNull().unique().defaultTo(sql`nextval('accounts.reader_ids')`),
    )
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('email_key', 'text', (column) => column.notNull().unique())
    .addColumn('password', 'text', (column) => column.notNull())
    .addColumn('accepts_offers', 'boolean', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('token_hash', 'bytea', (column) => column.notNull().unique())
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('network', 'text', (column) => column.notNull())
    .addColumn('user_agent', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('last_seen_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('sessions_by_account').on('sessions').column('account_id').execute()
  await db.schema.createIndex('sessions_by_last_seen_at').on('sessions').column('last_seen_at').execute()
  await db.schema
    .createTable('links')
    .addColumn('token_hash', 'bytea', (column) => column.primaryKey())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('email_key', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.references('accounts.id').onDelete('cascade'))
    .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('links_by_account').on('links').column('account_id').execute()
  await db.schema.createIndex('links_by_expires_at').on('links').column('expires_at').execute()
  await db.schema
    .createTable('known_networks')
    .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('network', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('known_networks_pkey', ['account_id', 'network'])
    .execute()
  await db.schema
    .createTable('attempts')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('failures', 'double precision', (column) => column.notNull())
    .addColumn('counted_at', 'timestamptz', (column) => column.notNull())
    .addColumn('allowed_at', 'timestamptz', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('attempts_by_allowed_at').on('attempts').column('allowed_at').execute()
  await createOutboxTable(db)
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await dropOutboxTable(db)
  for (const table of ['attempts', 'known_networks', 'links', 'sessions', 'accounts']) {
    await db.schema.dropTable(table).execute()
  }
  await sql`drop sequence accounts.reader_ids`.execute(db)
}
