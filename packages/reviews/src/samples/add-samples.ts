import { readFileSync } from 'node:fs'
import { loadCatalogue } from '@books/catalogue'
import { sql } from 'kysely'
import type { Stores } from '../stores/stores.ts'

/** A review of the default store, which no reader wrote. */
export interface Sample {
  bookId: number
  name: string
  stars: number
  title: string
  text: string
  writtenAt: string
}

/** Reads the samples, the first written first. */
export function loadSamples(): Sample[] {
  return JSON.parse(readFileSync(new URL('../../samples.json', import.meta.url), 'utf8'))
}

/** Adds the samples to a store whose books are those of the catalogue, and that has no reviews. */
export async function addSamples({
  tables,
  books,
  ratings,
}: Pick<Stores, 'tables' | 'books' | 'ratings'>): Promise<void> {
  const catalogue = new Map(loadCatalogue().map(({ id, title }) => [id, title]))
  const known = await books.list()
  const isDefault = known.length === catalogue.size && known.every(({ id, title }) => catalogue.get(id) === title)
  const any = await tables.selectFrom('reviews').select('id').limit(1).executeTakeFirst()
  if (!isDefault || any) return

  const rows = loadSamples().map((sample, index) => ({ ...sample, id: `sample${index + 1}` }))
  await sql`
    insert into reviews.reviews (id, book_id, name, stars, title, text, bought_here, is_sample, written_at)
    select id, "bookId", name, stars, title, text, false, true, "writtenAt"
    from json_to_recordset(${JSON.stringify(rows)}::json) as given(
      id text, "bookId" integer, name text, stars integer, title text, text text, "writtenAt" timestamptz
    ) order by "writtenAt"`.execute(tables)
  for (const { bookId, stars } of rows) await ratings.count(bookId, undefined, stars)
}
