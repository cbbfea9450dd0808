import type { FastifyInstance } from 'fastify'
import type { Backends } from '../../backends/backends.ts'
import { routes } from '../paths.ts'
import { retryLater } from '../retry-later.ts'
import type { ArticleHtml } from './article-html.ts'
import { articlesOnPage } from './articles-page.ts'
import { atomFeed } from './atom-feed.ts'

/** The latest articles as a feed. Without an answer it is 503 with `Retry-After`, so that feed readers keep what they have. */
export function articlesFeedRoutes({ articles }: Backends, html: ArticleHtml, publicUrl: string) {
  return async (app: FastifyInstance) => {
    app.get(routes.articlesFeed, async (_request, reply) => {
      const { value } = await articles.articleList({ page: 1, pageSize: articlesOnPage })
      if (!value) return retryLater(reply).type('text/plain; charset=utf-8').send('The journal is out of reach.\n')
      return reply
        .type('application/atom+xml; charset=utf-8')
        .send(atomFeed({ articles: value.articles, publicUrl, htmlOf: html.forFeed }))
    })
  }
}
