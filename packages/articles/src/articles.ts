import type { ArticleServiceService, Article as Message } from '@books/proto'
import { type Handlers, notFound, raise } from '@books/rpc'
import type { Article } from './article.ts'
import type { ArticleStore } from './article-store.ts'
import { readPage } from './page.ts'
import { utcTimeOf } from './utc-time.ts'

/** Answers the ArticleService API from the journal. */
export function createArticles(store: ArticleStore): Handlers<typeof ArticleServiceService> {
  return {
    async articleList({ page, pageSize }) {
      const span = readPage(page, pageSize)

      const { articles, total } = await store.listArticles(span)
      return { articles: articles.map(toMessage), total }
    },

    async articleDetail({ pk }) {
      const article = (await store.findArticle(pk)) ?? raise(notFound('Article not found'))
      return { article: toMessage(article) }
    },
  }
}

function toMessage({ createTime, ...article }: Article): Message {
  return { ...article, createTime: utcTimeOf(createTime) }
}
