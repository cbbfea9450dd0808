import type { Kysely } from 'kysely'

interface Tables {
  followed: { source: string; revision: number }
}

export async function up(db: Kysely<Tables>): Promise<void> {
  await db.insertInto('followed').values({ source: 'reviews', revision: 0 }).execute()
}

export async function down(db: Kysely<Tables>): Promise<void> {
  await db.deleteFrom('followed').where('source', '=', 'reviews').execute()
}
