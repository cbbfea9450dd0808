import { type Kysely, sql } from 'kysely'

interface Tables {
  books: { id: number; key: string | null }
  interactions: { book_id: number }
  models: { version: number }
  followed: { source: string; revision: number }
}

const firstImportedId = 1_000_000_000

export async function up(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('followed')
    .addColumn('source', 'text', (column) => column.primaryKey())
    .addColumn('revision', 'bigint', (column) => column.notNull())
    .execute()
  await db.insertInto('followed').values({ source: 'inventory', revision: 0 }).execute()

  // Inventory assigns the lower ids, so imported books get higher ones.
  const imported = db.selectFrom('books').select('id').where('key', 'is not', null).where('id', '<', firstImportedId)
  const any = await imported.limit(1).executeTakeFirst()
  if (!any) return
  await db
    .updateTable('interactions')
    .set({ book_id: sql`book_id + ${sql.lit(firstImportedId)}` })
    .where('book_id', 'in', imported)
    .execute()
  await db
    .updateTable('books')
    .set({ id: sql`id + ${sql.lit(firstImportedId)}` })
    .where('key', 'is not', null)
    .where('id', '<', firstImportedId)
    .execute()
  // They contain the old ids.
  await db.deleteFrom('models').execute()
}

export async function down(db: Kysely<Tables>): Promise<void> {
  await db.schema.dropTable('followed').execute()
}
