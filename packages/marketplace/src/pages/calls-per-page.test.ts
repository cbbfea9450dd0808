import { serve } from '@books/rpc/testing'
import { afterEach, describe, expect, it } from '@jest/globals'
import { encodePreferences, maxOpinions } from '../preferences/preferences.ts'
import { books, fakeArticles, fakeInventory, fakeRecommendations } from '../services.fixture.ts'
import { everythingAt, openShop } from '../shop.fixture.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const readers = {
  'somebody who has said nothing': 0,
  'somebody who has said something': 7,
  'somebody who has said all that counts': maxOpinions,
}

describe('the calls that a page takes', () => {
  it.each([
    ['/', 'somebody who has said nothing', { Recommend: 2, ListBooks: 4, ArticleList: 1 }],
    ['/', 'somebody who has said something', { Recommend: 2, GetBooks: 1, ListBooks: 4, ArticleList: 1 }],
    ['/', 'somebody who has said all that counts', { Recommend: 2, GetBooks: 1, ListBooks: 4, ArticleList: 1 }],
    ['/categories/mystery', 'somebody who has said something', { ListBooks: 1 }],
    ['/categories/mystery?sort=price&page=2', 'somebody who has said nothing', { ListBooks: 1 }],
    ['/books/5', 'somebody who has said something', { GetBooks: 1, RecommendSimilar: 1 }],
    ['/books/99999', 'somebody who has said nothing', { GetBooks: 1, RecommendSimilar: 1 }],
    ['/search?q=the', 'somebody who has said something', { SearchBooks: 1 }],
    ['/search', 'somebody who has said something', {}],
    ['/taste', 'somebody who has said nothing', {}],
    ['/taste', 'somebody who has said something', { GetBooks: 1 }],
    ['/taste', 'somebody who has said all that counts', { GetBooks: 1 }],
    ['/articles', 'somebody who has said nothing', { ArticleList: 1 }],
    ['/articles/1', 'somebody who has said nothing', { ArticleDetail: 1 }],
    ['/articles.atom', 'somebody who has said nothing', { ArticleList: 1 }],
    ['/api/articles', 'somebody who has said nothing', { ArticleList: 1 }],
    ['/sitemap.xml', 'somebody who has said nothing', { ListBooks: 1, ArticleList: 1 }],
    ['/robots.txt', 'somebody who has said nothing', {}],
    ['/healthz', 'somebody who has said nothing', {}],
    ['/nothing', 'somebody who has said something', {}],
  ] as const)('%s, to %s: one for each list, and none once they are known', async (url, reader, expected) => {
    const { visit } = await openCountingShop(readers[reader])

    const cold = await visit(url)
    const warm = await visit(url)

    expect(cold).toEqual(expected)
    expect(warm).toEqual({})
  })

  it('are shared by pages that have a list in common', async () => {
    const { visit } = await openCountingShop(0)
    await visit('/')

    const feed = await visit('/articles.atom')
    const page = await visit('/articles')

    expect([feed, page]).toEqual([{}, {}])
  })

  it('are one for a reader whom nobody has seen before, once the rest of the page is known', async () => {
    const { visit } = await openCountingShop(0)
    await visit('/')
    await visit('/taste', 7)

    expect(await visit('/', 7)).toEqual({ Recommend: 1 })
  })

  it('are one for many visitors who come at once', async () => {
    const { visit, visitAtOnce } = await openCountingShop(7)
    await visit('/healthz')

    const calls = await visitAtOnce('/', 20)

    expect(calls).toEqual({ Recommend: 2, GetBooks: 1, ListBooks: 4, ArticleList: 1 })
  })
})

/** A shop whose services tell how often each of their methods was called for a visit. */
async function openCountingShop(opinions: number) {
  const calls: Record<string, number> = {}
  const count = async ({ path }: { path: string }, next: () => Promise<void>) => {
    const method = path.slice(path.lastIndexOf('/') + 1)
    calls[method] = (calls[method] ?? 0) + 1
    await next()
  }
  const services = [fakeRecommendations(), fakeInventory(), fakeArticles()]
  const server = await serve(services, { interceptors: [count] })
  // Nobody gives up or asks anew meanwhile, however busy the machine is.
  const patience = { RECOMMENDATIONS_DEADLINE_MS: 20_000, INVENTORY_DEADLINE_MS: 20_000, ARTICLES_DEADLINE_MS: 20_000 }
  const { app, close } = await openShop({ ...everythingAt(server.port), ...patience, FRESH_MS: 600_000 })
  closers.push(close, server.stop)

  const cookieOf = (count: number) => {
    // Books of every shelf.
    const liked = books.filter((_, index) => index % 6 === 0).slice(0, count)
    const said = liked.map(({ id }) => ({ bookId: id, verdict: 'liked' as const }))
    return count > 0 ? `taste=${encodeURIComponent(app.signCookie(encodePreferences(said)))}` : ''
  }
  const visitAtOnce = async (url: string, visitors: number, said = opinions) => {
    for (const method of Object.keys(calls)) delete calls[method]
    const visit = () => app.inject({ url, headers: { cookie: cookieOf(said) } })
    const answers = await Promise.all(Array.from({ length: visitors }, visit))
    for (const { body } of answers) expect(body).not.toContain('data-fallback')
    return { ...calls }
  }
  return { visitAtOnce, visit: (url: string, said?: number) => visitAtOnce(url, 1, said) }
}
