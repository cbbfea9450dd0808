import { loadCatalogue } from '@books/catalogue'
import type { Kysely } from 'kysely'
import { writeBooks } from './book-writer.ts'
import type { Tables } from './tables.ts'

/** Fills empty tables with the catalogue, once, even when several processes do so at the same time. */
export async function seedBooks(tables: Kysely<Tables>): Promise<void> {
  const any = await tables.selectFrom('books').select('id').limit(1).executeTakeFirst()
  if (any) return
  await writeBooks(tables, async (writer) => {
    // Another process may have been first.
    if ((await writer.listBooks()).length === 0) await writer.save(loadCatalogue())
  })
}
