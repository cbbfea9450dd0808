import { loadCatalogue } from '@books/catalogue'
import type { Kysely } from 'kysely'
import type { SavedBook } from './book.ts'
import { writeBooks } from './book-writer.ts'
import { firstStockOf } from './stock/first-stock.ts'
import type { Tables } from './tables.ts'

/**
 * Fills empty tables with the catalogue and its first copies, once, even when several processes do so at the same time. A store from
 * before there was stock gets first copies of its books of the catalogue.
 */
export async function seedBooks(tables: Kysely<Tables>): Promise<void> {
  const any = await tables.selectFrom('stock_changes').select('id').limit(1).executeTakeFirst()
  if (any) return
  const catalogue = loadCatalogue()
  const titles = new Map(catalogue.map(({ id, title }) => [id, title]))
  await writeBooks(tables, async (writer) => {
    const known: SavedBook[] = await writer.listBooks()
    // Another process may have been first.
    if (known.some(({ stock }) => stock)) return
    const books = known.length === 0 ? catalogue : known.filter(({ id, title }) => titles.get(id) === title)
    await writer.save(books.map((book) => ({ ...book, stock: firstStockOf(book.id) })))
  })
}
