import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { findPostgres, openMemoryDatabase, openServerDatabase } from '../../testing/index.ts'
import type { Database } from '../database/database.ts'
import type { OutboxTables } from './outbox-table.ts'

/** The database engines of this machine. */
export const engines: readonly (readonly [name: string, open: () => Promise<Database>])[] = [
  ['embedded', openMemoryDatabase],
  ...(findPostgres() ? [['server', openServerDatabase] as const] : []),
]

/** The outbox of a schema. */
export function openOutbox(database: Database): Promise<Kysely<OutboxTables>> {
  return database.open<OutboxTables>('shop', new URL('./migrations.fixture/', import.meta.url))
}

/** Every job, the oldest first. */
export function listJobs(tables: Kysely<OutboxTables>) {
  return tables.selectFrom('outbox').selectAll().orderBy('id').execute()
}

/** Resolves once this holds. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(5)
}
