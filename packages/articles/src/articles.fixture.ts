import { type Database } from '@books/runtime'
import { openMemoryDatabase } from '@books/runtime/testing'
import type { Draft } from './article.ts'
import { type ArticleStore, createArticleStore } from './article-store.ts'
import type { Tables } from './tables.ts'

/** A draft with this slug, and defaults for other facts. */
export function draftOf(slug: string, facts: Partial<Draft> = {}): Draft {
  const texts = { title: `About ${slug}`, author: 'Ines Calloway', summary: 'In short.', content: 'At length.' }
  return { slug, ...texts, createTime: undefined, ...facts }
}

/** An article's file; a field of `undefined` is left out. */
export function fileOf(facts: Record<string, string | undefined> = {}, body = 'A first line.\n'): string {
  const fields = { title: 'On margins', author: 'Ines Calloway', summary: 'Notes on notes.', ...facts }
  const lines = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}`))
  return ['---', ...lines, '---', '', body].join('\n')
}

/** A journal without articles, in memory. */
export async function openEmptyJournal(): Promise<{
  database: Database
  journal: ArticleStore
  empty(): Promise<void>
}> {
  const database = await openMemoryDatabase()
  const tables = await database.open<Tables>('articles', new URL('../migrations/', import.meta.url))
  return {
    database,
    journal: createArticleStore(tables),
    async empty() {
      await tables.deleteFrom('articles').execute()
    },
  }
}
