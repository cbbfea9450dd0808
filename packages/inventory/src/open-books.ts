import { loadCatalogue } from '@books/catalogue'
import type { Database } from '@books/runtime'
import type { Kysely } from 'kysely'
import { writeBooks } from './book-writer.ts'
import type { Tables } from './tables.ts'

/** Opens the service's tables. On their first day they get the catalogue, once, however many processes open them. */
export async function openBooks(database: Database): Promise<Kysely<Tables>> {
  const tables = await database.open<Tables>('inventory', new URL('../migrations/', import.meta.url))
  const any = await tables.selectFrom('books').select('id').limit(1).executeTakeFirst()
  if (!any) {
    await writeBooks(tables, async (writer) => {
      // Another process may have been first.
      if ((await writer.listBooks()).length === 0) await writer.save(loadCatalogue())
    })
  }
  return tables
}
