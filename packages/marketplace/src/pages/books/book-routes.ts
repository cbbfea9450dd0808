import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { readPreferences } from '../../preferences/preferences-cookie.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import { recommendedCard } from '../cards.ts'
import { idParams } from '../page-query.ts'
import { routes } from '../paths.ts'
import { pricedSection } from '../priced-section.ts'
import type { ShelfSection } from '../shelf-section.ts'
import { showPage } from '../show-page.ts'
import { bookPage } from './book-page.ts'

/** The page of a book. */
export function bookRoutes(backends: Backends) {
  const { inventory, recorder } = backends
  return async (app: FastifyInstance) => {
    app.get<{ Params: Static<typeof idParams> }>(
      routes.book,
      { schema: { params: idParams } },
      async (request, reply) => {
        const { id } = request.params
        const [answer, alsoEnjoyed] = await Promise.all([inventory.findBook(id), findAlsoEnjoyed(backends, id)])
        if (answer.value && !answer.value.book) return reply.callNotFound()

        const opinion = readPreferences(request).find(({ bookId }) => bookId === id)
        const page = bookPage({ id, answer, alsoEnjoyed, verdict: opinion?.verdict, csrfToken: reply.generateCsrf() })
        const visitor = await visitorOf(request, reply)
        if (visitor.kind === 'reader' && answer.value && !isPrefetch(request))
          recorder.recordView(visitor.account.readerId, id)
        return showPage(request, reply.header('cache-control', cacheControl.noStore), 'book.hbs', page)
      },
    )
  }
}

// A browser that loads the page in case it is opened, and a program that looks only at its headers.
function isPrefetch({ method, headers }: FastifyRequest): boolean {
  return method === 'HEAD' || String(headers['sec-purpose']).startsWith('prefetch')
}

async function findAlsoEnjoyed(backends: Backends, bookId: number): Promise<ShelfSection> {
  const since = performance.now()
  const { recommendations } = backends
  const section = { id: 'also-enjoyed', heading: 'Readers also enjoyed' }
  try {
    const { value, fallback } = await recommendations.recommendSimilar({ bookId, maxResults: 6 }, { isSecondary: true })
    const found = {
      ...section,
      cards: (value?.recommendations ?? []).map(recommendedCard),
      fallback,
      notice: value ? undefined : 'We cannot ask other readers just now.',
    }
    return await pricedSection(backends, found, since)
  } catch (error) {
    // The book is so new that recommendations do not know it yet.
    if (!(error instanceof RpcError) || error.code !== Status.NOT_FOUND) throw error
    return { ...section, cards: [], fallback: undefined, notice: undefined }
  }
}
