import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension pg_trgm with schema tools`.execute(db)
  await sql`create extension unaccent with schema tools`.execute(db)
}
