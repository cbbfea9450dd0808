import { ArticleServiceService } from '@books/proto'
import { service } from '@books/rpc'
import { defineService, migrations } from '@books/service'
import { createArticleStore } from './article-store.ts'
import { createArticles } from './articles.ts'
import { readFirstArticles } from './first-articles.ts'
import type { Tables } from './tables.ts'

/** The store's journal. */
export const articles = defineService({
  name: 'articles',
  port: 50_052,
  callers: ['marketplace'],
  migrations: migrations<Tables>(new URL('../migrations/', import.meta.url)),
  seed: async (tables) => createArticleStore(tables).fill(await readFirstArticles()),
  async start({ tables }) {
    return { services: [service(ArticleServiceService, createArticles(createArticleStore(tables)))] }
  },
})
