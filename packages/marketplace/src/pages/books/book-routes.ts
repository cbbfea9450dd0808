import { RpcError, Status } from '@books/rpc'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Backends } from '../../backends/backends.ts'
import { cacheControl } from '../../http/caching/cache-control.ts'
import { allowScript } from '../../http/security/script-hash.ts'
import { readPreferences } from '../../preferences/preferences-cookie.ts'
import { visitorOf } from '../../sessions/visitors.ts'
import { findReviews, reviewsQuery } from '../book-reviews/find-reviews.ts'
import { ratedSection } from '../book-reviews/rating.ts'
import { reviewsSection } from '../book-reviews/reviews-section.ts'
import { recommendedCard } from '../cards.ts'
import { idParams } from '../page-query.ts'
import { routes } from '../paths.ts'
import { pricedSection } from '../priced-section.ts'
import type { ShelfSection } from '../shelf-section.ts'
import { showPage } from '../show-page.ts'
import { bookData } from './book-data.ts'
import { bookPage } from './book-page.ts'

/** The page of a book. */
export function bookRoutes(backends: Backends, publicUrl: string) {
  const { inventory, recorder } = backends
  return async (app: FastifyInstance) => {
    app.get<{ Params: Static<typeof idParams>; Querystring: Static<typeof reviewsQuery> }>(
      routes.book,
      { schema: { params: idParams, querystring: reviewsQuery } },
      async (request, reply) => {
        const { id } = request.params
        const { query } = request
        const [answer, alsoEnjoyed, found] = await Promise.all([
          inventory.findBook(id),
          findAlsoEnjoyed(backends, id),
          findReviews(backends, id, query, visitorOf(request, reply)),
        ])
        if ((answer.value && !answer.value.book) || !found) return reply.callNotFound()

        const visitor = await visitorOf(request, reply)
        const book = answer.value?.book
        const data = book && bookData({ book, rating: found.value?.rating, publicUrl })
        if (data) allowScript(reply, data)
        const opinion = readPreferences(request).find(({ bookId }) => bookId === id)
        const page = bookPage({
          ...{ id, answer, alsoEnjoyed, data },
          reviews: reviewsSection({ bookId: id, query, answer: found, visitor: visitor.kind }),
          ...{ verdict: opinion?.verdict, csrfToken: reply.generateCsrf() },
        })
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
    const ids = found.cards.map(({ id }) => id)
    const [priced, ratings] = await Promise.all([
      pricedSection(backends, found, since),
      backends.ratings.find(ids, since),
    ])
    return ratedSection(priced, ratings)
  } catch (error) {
    // The book is so new that recommendations do not know it yet.
    if (!(error instanceof RpcError) || error.code !== Status.NOT_FOUND) throw error
    return { ...section, cards: [], fallback: undefined, notice: undefined }
  }
}
