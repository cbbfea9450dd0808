import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Sources } from '../backends/backends.ts'
import { cacheControl } from '../http/caching/cache-control.ts'
import { idParams } from '../pages/page-query.ts'
import { paths, routes } from '../pages/paths.ts'
import { type Taste, withOpinion, withoutOpinion } from './preferences.ts'
import { keepTaste, readTaste } from './preferences-cookie.ts'
import { tastePage } from './preferences-page.ts'

const opinionForm = Type.Object({
  verdict: Type.Enum(['liked', 'disliked', 'none']),
  /** Where the visitor was, and goes back to. */
  from: Type.Enum(['book', 'taste'], { default: 'book' }),
})

/** What a visitor told the shop, and the forms by which they tell it. */
export function tasteRoutes({ inventory }: Sources) {
  return async (app: FastifyInstance) => {
    app.get(paths.taste, async (request, reply) => {
      const opinions = readTaste(request)
      const books = await Promise.all(opinions.map(({ bookId }) => inventory.findBook(bookId)))
      const page = tastePage(opinions, books, reply.generateCsrf())
      return reply.header('cache-control', cacheControl.nothing).viewAsync('taste.hbs', page)
    })

    app.post<{ Params: Static<typeof idParams>; Body: Static<typeof opinionForm> }>(
      routes.tasteOfBook,
      { schema: { params: idParams, body: opinionForm } },
      async (request, reply) => {
        const { id } = request.params
        const { verdict, from } = request.body
        keepTaste(reply, changed(readTaste(request), id, verdict))
        return reply.redirect(from === 'book' ? paths.book(id) : paths.taste, 303)
      },
    )

    app.post(paths.forgetTaste, async (_request, reply) => {
      keepTaste(reply, [])
      return reply.redirect(paths.taste, 303)
    })
  }
}

function changed(taste: Taste, bookId: number, verdict: Static<typeof opinionForm>['verdict']): Taste {
  return verdict === 'none' ? withoutOpinion(taste, bookId) : withOpinion(taste, { bookId, verdict })
}
