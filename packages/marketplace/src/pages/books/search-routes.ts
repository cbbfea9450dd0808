import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { pageQuery } from '../page-query.ts'
import { routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { emptySearchPage, matchesOnPage, searchPage } from './search-page.ts'

const query = Type.Object({ q: Type.String({ default: '', maxLength: 200 }), page: pageQuery })

/** Search by title and author. */
export function searchRoutes({ inventory, ratings }: Backends) {
  return async (app: FastifyInstance) => {
    app.get<{ Querystring: Static<typeof query> }>(
      routes.search,
      { schema: { querystring: query } },
      async (request, reply) => {
        const q = request.query.q.trim()
        if (q === '') return showPage(request, reply, 'search.hbs', emptySearchPage())

        const { page } = request.query
        const skip = (page - 1) * matchesOnPage
        const answer = await inventory.searchBooks({ query: q, pageSize: matchesOnPage, skip })
        const ids = (answer.value?.matches ?? []).flatMap(({ book }) => book?.id ?? [])
        const found = await ratings.find(ids, performance.now())
        return showPage(request, reply, 'search.hbs', searchPage({ q, page, answer, ratings: found }))
      },
    )
  }
}
