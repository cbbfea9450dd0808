import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { idParams, pageQuery } from '../page-query.ts'
import { routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import type { ArticleHtml } from './article-html.ts'
import { articlePage } from './article-page.ts'
import { articlesOnPage, articlesPage } from './articles-page.ts'

const query = Type.Object({ page: pageQuery })

/** The pages of the journal, and of each article. */
export function articleRoutes({ articles }: Backends, html: ArticleHtml) {
  return async (app: FastifyInstance) => {
    app.get<{ Querystring: Static<typeof query> }>(
      routes.articles,
      { schema: { querystring: query }, config: { isShared: true } },
      async (request, reply) => {
        const { page } = request.query
        const answer = await articles.articleList({ page, pageSize: articlesOnPage })
        if (page > 1 && answer.value?.articles.length === 0) return reply.callNotFound()
        return showPage(request, reply, 'articles.hbs', articlesPage(page, answer))
      },
    )

    app.get<{ Params: Static<typeof idParams> }>(
      routes.article,
      { schema: { params: idParams }, config: { isShared: true } },
      async (request, reply) => {
        const answer = await articles.articleDetail({ pk: request.params.id })
        if (answer.value && !answer.value.article) return reply.callNotFound()
        return showPage(request, reply, 'article.hbs', articlePage(answer, html.forPage))
      },
    )
  }
}
