import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { type Kysely, sql } from 'kysely'
import { FileMigrationProvider, type MigrationProvider } from 'kysely/migration'
import type { Log } from '../log.ts'

/**
 * The migrations of a folder, and those that a newer version of the service has already run. Kysely refuses a database with
 * steps that it does not know, but steps only add: the older version works with it during a rolling update, and after a
 * rollback. Undefined where none is left to run: Kysely takes 50 ms to find that out.
 */
export async function findMigrationSteps<Tables>(
  tables: Kysely<Tables>,
  schema: string,
  folder: URL,
  log: Log,
): Promise<MigrationProvider | undefined> {
  const known = await new FileMigrationProvider({ fs, path, migrationFolder: fileURLToPath(folder) }).getMigrations()
  const steps = Object.keys(known).toSorted()
  const newest = steps.at(-1) ?? ''
  const run = await listCompleted(tables, schema)
  const ahead = run.filter((step) => step > newest)
  if (ahead.length > 0) log.warn({ schema, steps: ahead }, 'the database is ahead of this version')
  if (isDeepStrictEqual(run.filter((step) => step <= newest).toSorted(), steps)) return undefined

  const completed = Object.fromEntries(ahead.map((step) => [step, { up: async () => {} }]))
  return { getMigrations: async () => ({ ...known, ...completed }) }
}

async function listCompleted<Tables>(tables: Kysely<Tables>, schema: string): Promise<string[]> {
  const table = `"${schema}"."kysely_migration"`
  const { rows } = await sql<{ found: boolean }>`select to_regclass(${table}) is not null as found`.execute(tables)
  if (!rows[0]?.found) return []
  const completed = await sql<{ name: string }>`select name from ${sql.table(`${schema}.kysely_migration`)}`.execute(
    tables,
  )
  return completed.rows.map(({ name }) => name)
}
