import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { findShelf } from '../categories.ts'
import { pageQuery } from '../page-query.ts'
import { routes } from '../paths.ts'
import { showPage } from '../show-page.ts'
import { categoryPage } from './category-page.ts'
import { findShelfBooks } from './find-shelf-books.ts'
import { findSort, sorts } from './sorts.ts'

const query = Type.Object({
  sort: Type.Enum(
    sorts.map(({ name }) => name),
    { default: 'title' },
  ),
  page: pageQuery,
})

/** The pages of a shelf. */
export function categoryRoutes(backends: Backends) {
  return async (app: FastifyInstance) => {
    app.get<{ Params: { slug: string }; Querystring: Static<typeof query> }>(
      routes.category,
      { schema: { querystring: query }, config: { isShared: true } },
      async (request, reply) => {
        const shelf = findShelf(request.params.slug)
        if (!shelf) return reply.callNotFound()

        const { page } = request.query
        const sort = findSort(request.query.sort)
        const found = await findShelfBooks(backends, shelf, sort, page)
        if (page > 1 && found.value?.cards.length === 0) return reply.callNotFound()
        return showPage(request, reply, 'category.hbs', categoryPage({ shelf, sort, page, found }))
      },
    )
  }
}
