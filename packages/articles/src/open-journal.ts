import type { Database } from '@books/runtime'
import { type ArticleStore, createArticleStore } from './article-store.ts'
import { readFirstArticles } from './first-articles.ts'
import type { Tables } from './tables.ts'

/** Opens the service's tables, and puts the first articles in where there are none. */
export async function openJournal(database: Database): Promise<ArticleStore> {
  const tables = await database.open<Tables>('articles', new URL('../migrations/', import.meta.url))
  const store = createArticleStore(tables)
  await store.fill(await readFirstArticles())
  return store
}
