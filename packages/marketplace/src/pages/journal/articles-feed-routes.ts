import type { FastifyInstance } from 'fastify'
import type { Sources } from '../../backends/backends.ts'
import { paths } from '../paths.ts'
import { retryLater } from '../retry-later.ts'
import type { ArticleHtml } from './article-html.ts'
import { articlesOnPage } from './articles-page.ts'
import { atomFeed } from './atom-feed.ts'

/** The latest of the journal for feed readers. Without an answer they are told to come back, and keep what they have. */
export function articlesFeedRoutes({ articles }: Sources, html: ArticleHtml, publicUrl: string) {
  return async (app: FastifyInstance) => {
    app.get(paths.articlesFeed, async (_request, reply) => {
      const { value } = await articles.listArticles({ page: 1, pageSize: articlesOnPage })
      if (!value) return retryLater(reply).type('text/plain; charset=utf-8').send('The journal is out of reach.\n')
      return reply
        .type('application/atom+xml; charset=utf-8')
        .send(atomFeed({ articles: value.articles, publicUrl, htmlOf: html.forElsewhere }))
    })
  }
}
