import { serve } from '@books/rpc/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeAccounts } from '../accounts.fixture.ts'
import { createFakeCarts } from '../carts.fixture.ts'
import { createFakeOrders } from '../orders.fixture.ts'
import { encodePreferences, maxOpinions } from '../preferences/preferences.ts'
import { createFakeReviews } from '../reviews.fixture.ts'
import { books, fakeArticles, fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { everythingAt, longDeadlines, openShop } from '../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const readers = {
  'a reader without preferences': 0,
  'a reader with preferences': 7,
  'a reader with the most preferences': maxOpinions,
}

describe('the calls for a page', () => {
  it.each([
    ['/', 'a reader without preferences', { Recommend: 2, GetBooks: 1, ListBooks: 4, ArticleList: 1, GetRatings: 1 }],
    // The titles of liked books, and the prices of what is recommended.
    ['/', 'a reader with preferences', { Recommend: 2, GetBooks: 2, ListBooks: 4, ArticleList: 1, GetRatings: 1 }],
    [
      '/',
      'a reader with the most preferences',
      { Recommend: 2, GetBooks: 2, ListBooks: 4, ArticleList: 1, GetRatings: 1 },
    ],
    ['/categories/mystery', 'a reader with preferences', { ListBooks: 1, GetRatings: 1 }],
    ['/categories/mystery?sort=price&page=2', 'a reader without preferences', { ListBooks: 1, GetRatings: 1 }],
    // The shelf in its usual order, too, in case that reviews does not answer.
    ['/categories/mystery?sort=rating', 'a reader without preferences', { ListTopRated: 1, ListBooks: 1, GetBooks: 1 }],
    ['/books/5', 'a reader with preferences', { GetBooks: 2, RecommendSimilar: 1, GetRatings: 1, ListReviews: 1 }],
    ['/books/99999', 'a reader without preferences', { GetBooks: 1, RecommendSimilar: 1, ListReviews: 1 }],
    ['/search?q=the', 'a reader with preferences', { SearchBooks: 1, GetRatings: 1 }],
    ['/search', 'a reader with preferences', {}],
    ['/taste', 'a reader without preferences', {}],
    ['/taste', 'a reader with preferences', { GetBooks: 1 }],
    ['/taste', 'a reader with the most preferences', { GetBooks: 1 }],
    ['/articles', 'a reader without preferences', { ArticleList: 1 }],
    ['/articles/1', 'a reader without preferences', { ArticleDetail: 1 }],
    ['/articles.atom', 'a reader without preferences', { ArticleList: 1 }],
    ['/api/articles', 'a reader without preferences', { ArticleList: 1 }],
    ['/sitemap.xml', 'a reader without preferences', { ListBooks: 1, ArticleList: 1 }],
    ['/robots.txt', 'a reader without preferences', {}],
    ['/healthz', 'a reader without preferences', {}],
    ['/nothing', 'a reader with preferences', {}],
  ] as const)('%s, for %s: one for each list, and none from the cache', async (url, reader, expected) => {
    const { visit } = await openCountingShop(readers[reader])

    const cold = await visit(url)
    const warm = await visit(url)

    expect(cold).toEqual(expected)
    expect(warm).toEqual({})
  })

  it('are shared by pages with the same list', async () => {
    const { visit } = await openCountingShop(0)
    await visit('/')

    const feed = await visit('/articles.atom')
    const page = await visit('/articles')

    expect([feed, page]).toEqual([{}, {}])
  })

  it('are one for a new reader, once the rest of the page is cached', async () => {
    const { visit } = await openCountingShop(0)
    await visit('/')
    await visit('/taste', 7)

    expect(await visit('/', 7)).toEqual({ Recommend: 1, GetBooks: 1, GetRatings: 1 })
  })

  it('are one more for a reader who is signed in, none while the answer is fresh, and one for the cart each time', async () => {
    const { visit } = await openCountingShop(0)
    await visit('/')
    await visit('/', 0, 'session-5000=session-1')

    expect(await visit('/', 0, 'session-5000=session-2')).toEqual({ GetSession: 1, GetCart: 1 })
    expect(await visit('/', 0, 'session-5000=session-2')).toEqual({ GetCart: 1 })
    expect(await visit('/categories/mystery', 0, 'session-5000=session-2')).toEqual({
      ...{ ListBooks: 1, GetCart: 1, GetRatings: 1 },
    })
  })

  it.each(['/', '/categories/mystery', '/books/5', '/search?q=the', '/articles/1', '/taste', '/nothing'])(
    'are one more for a guest who has a cart: %s',
    async (url) => {
      const { app, visit } = await openCountingShop(0)
      await visit(url)
      const warm = await visit(url)

      const withCart = await visit(url, 0, `cart-5000=${encodeURIComponent(app.signCookie('0'.repeat(32)))}`)

      expect([warm, withCart]).toEqual([{}, { GetCart: 1 }])
    },
  )

  it('are none for the cart where its cookie is not signed by the shop', async () => {
    const { visit } = await openCountingShop(0)

    expect(await visit('/taste', 0, `cart-5000=${'0'.repeat(32)}`)).toEqual({})
  })

  it('are those for the reader alone on their first visit', async () => {
    const { visit } = await openCountingShop(0)
    await visit('/')

    expect(await visit('/', 0, 'session-5000=session-1')).toEqual({
      ...{ GetSession: 1, Recommend: 1, GetCart: 1 },
      // Whether the reader has used the promotion.
      GetPromotions: 1,
    })
  })

  it.each(['/readyz', '/articles.atom', '/api/articles', '/sitemap.xml', '/robots.txt', '/healthz'])(
    'do not ask accounts or for a cart for what is the same for everyone: %s',
    async (url) => {
      const { visit } = await openCountingShop(0)

      const calls = await visit(url, 0, 'session-5000=session-1')

      expect(Object.keys(calls)).not.toContain('GetSession')
      expect(Object.keys(calls)).not.toContain('GetCart')
    },
  )

  it('are shared by concurrent requests', async () => {
    const { visit, visitAtOnce } = await openCountingShop(7)
    await visit('/healthz')

    const calls = await visitAtOnce('/', 20)

    expect(calls).toEqual({ Recommend: 2, GetBooks: 2, ListBooks: 4, ArticleList: 1, GetRatings: 1 })
  })
})

/** Every book has a rating. */
function ratedReviews() {
  return createFakeReviews(books.map(({ id }) => ({ bookId: id, stars: 4 }))).service()
}

/** Opens a shop that counts the calls of each method during a visit. */
async function openCountingShop(opinions: number) {
  const calls: Record<string, number> = {}
  const count = async ({ path }: { path: string }, next: () => Promise<void>) => {
    const method = path.slice(path.lastIndexOf('/') + 1)
    calls[method] = (calls[method] ?? 0) + 1
    await next()
  }
  const selling = [createFakeCarts().service(), createFakeOrders().service(), ratedReviews()]
  const services = [fakeRecommendations(), fakeInventory(), fakeArticles(), fakeAccounts(), ...selling]
  const server = await serve(services, { interceptors: [count] })
  // No call times out and no answer expires on a slow machine.
  const { app, close } = await openShop({ ...everythingAt(server.port), ...longDeadlines, FRESH_MS: 600_000 })
  opened.defer(server.stop)
  opened.defer(close)

  const cookieOf = (count: number) => {
    // From every shelf.
    const liked = books.filter((_, index) => index % 6 === 0).slice(0, count)
    const said = liked.map(({ id }) => ({ bookId: id, verdict: 'liked' as const }))
    return count > 0 ? `taste-5000=${encodeURIComponent(app.signCookie(encodePreferences(said)))}` : ''
  }
  const visitAtOnce = async (url: string, count: number, said = opinions, session = '') => {
    for (const method of Object.keys(calls)) delete calls[method]
    const visit = () => app.inject({ url, headers: { cookie: `${session}; ${cookieOf(said)}` } })
    const answers = await Promise.all(Array.from({ length: count }, visit))
    for (const { body } of answers) expect(body).not.toContain('data-fallback')
    return { ...calls }
  }
  return {
    app,
    visitAtOnce,
    visit: (url: string, said?: number, session?: string) => visitAtOnce(url, 1, said, session),
  }
}
