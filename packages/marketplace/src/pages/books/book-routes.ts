import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { Sources } from '../../backends/backends.ts'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { readTaste } from '../../preferences/preferences-cookie.ts'
import { recommendedCard } from '../cards.ts'
import { idParams } from '../page-query.ts'
import { routes } from '../paths.ts'
import { fallbackOf, type ShelfSection } from '../shelf-section.ts'
import { bookPage } from './book-page.ts'

/** One book. */
export function bookRoutes({ inventory, recommendations }: Sources) {
  return async (app: FastifyInstance) => {
    app.get<{ Params: Static<typeof idParams> }>(
      routes.book,
      { schema: { params: idParams } },
      async (request, reply) => {
        const { id } = request.params
        const [answer, alsoEnjoyed] = await Promise.all([inventory.findBook(id), findAlsoEnjoyed(recommendations, id)])
        if (answer.value && !answer.value.book) return reply.callNotFound()

        const said = readTaste(request).find(({ bookId }) => bookId === id)
        const page = bookPage({ id, answer, alsoEnjoyed, verdict: said?.verdict, csrfToken: reply.generateCsrf() })
        return reply.header('cache-control', cacheControl.nothing).viewAsync('book.hbs', page)
      },
    )
  }
}

async function findAlsoEnjoyed(recommendations: Sources['recommendations'], bookId: number): Promise<ShelfSection> {
  const section = { id: 'also-enjoyed', heading: 'Readers also enjoyed' }
  try {
    const answer = await recommendations.recommendSimilar({ bookId, maxResults: 6 })
    return {
      ...section,
      cards: (answer.value?.recommendations ?? []).map(recommendedCard),
      fallback: fallbackOf(answer, 'recommendations'),
      notice: answer.value ? undefined : 'We cannot ask other readers just now.',
    }
  } catch (error) {
    // A book so new that recommendations have not heard of it.
    if (!(error instanceof RpcError) || error.code !== Status.NOT_FOUND) throw error
    return { ...section, cards: [], fallback: undefined, notice: undefined }
  }
}
