import type { FastifyInstance } from 'fastify'
import type { ArticleHtml } from '../journal/article-html.ts'
import { atomFeed } from '../journal/atom-feed.ts'
import { paths } from '../paths.ts'
import type { Sources } from '../sources/sources.ts'
import { articlesOnPage } from './articles-page.ts'
import { retryLater } from './retry-later.ts'

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
