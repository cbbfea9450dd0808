import type { Database } from '@books/runtime'
import type { Kysely } from 'kysely'
import type { Migrations } from './define-service.ts'

/** The part of a service's definition that says what its tables are. */
export interface TablesOfService<Tables> {
  name: string
  migrations?: Migrations<Tables>
  seed?(tables: Kysely<Tables>): Promise<unknown>
}

/** Opens the tables of a service, a schema of its own name: at the newest step of its migrations, and seeded. */
export async function openTables<Tables>(
  { name, migrations, seed }: TablesOfService<Tables>,
  database: Database,
): Promise<Kysely<Tables>> {
  if (!migrations) throw new TypeError(`${name} has no migrations`)
  const tables = await database.open<Tables>(name, migrations)
  await seed?.(tables)
  return tables
}
