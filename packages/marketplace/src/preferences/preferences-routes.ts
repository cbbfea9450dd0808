import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Backends } from '../backends/backends.ts'
import { cacheControl } from '../http/caching/cache-control.ts'
import { idParams } from '../pages/page-query.ts'
import { paths, routes } from '../pages/paths.ts'
import { showPage } from '../pages/show-page.ts'
import { visitorOf } from '../sessions/visitors.ts'
import { withOpinion, withoutOpinion } from './preferences.ts'
import { readPreferences, savePreferences } from './preferences-cookie.ts'
import { preferencesPage } from './preferences-page.ts'

const opinionForm = Type.Object({
  verdict: Type.Enum(['liked', 'disliked', 'none']),
  /** The page with the form, to which the answer redirects. */
  from: Type.Enum(['book', 'taste'], { default: 'book' }),
})

/** The page of a reader's preferences, and the forms that change them. */
export function preferencesRoutes({ inventory, recorder }: Backends) {
  return async (app: FastifyInstance) => {
    app.get(routes.preferences, async (request, reply) => {
      const preferences = readPreferences(request)
      const books = await Promise.all(preferences.map(({ bookId }) => inventory.findBook(bookId)))
      const isRecorded = (await visitorOf(request, reply)).kind === 'reader'
      const page = preferencesPage(preferences, books, { csrfToken: reply.generateCsrf(), isRecorded })
      return showPage(request, reply.header('cache-control', cacheControl.noStore), 'preferences.hbs', page)
    })

    app.post<{ Params: Static<typeof idParams>; Body: Static<typeof opinionForm> }>(
      routes.preferenceOfBook,
      { schema: { params: idParams, body: opinionForm } },
      async (request, reply) => {
        const { id: bookId } = request.params
        const { verdict, from } = request.body
        const visitor = await visitorOf(request, reply)
        const preferences = readPreferences(request)
        const changed =
          verdict === 'none' ? withoutOpinion(preferences, bookId) : withOpinion(preferences, { bookId, verdict })
        savePreferences(reply, changed)
        if (visitor.kind === 'reader') await recorder.recordOpinions(visitor.account.readerId, [{ bookId, verdict }])
        return reply.redirect(from === 'book' ? paths.book(bookId) : paths.preferences, 303)
      },
    )

    app.post(routes.clearPreferences, async (request, reply) => {
      const visitor = await visitorOf(request, reply)
      const takenBack = readPreferences(request).map(({ bookId }) => ({ bookId, verdict: 'none' as const }))
      savePreferences(reply, [])
      if (visitor.kind === 'reader') await recorder.recordOpinions(visitor.account.readerId, takenBack)
      return reply.redirect(paths.preferences, 303)
    })
  }
}
