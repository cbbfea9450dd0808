import type { ArticleListRequest } from '@books/proto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeArticles } from '../../services.fixture.ts'
import { openShop, openShopOver } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the journal as JSON', () => {
  it('has the names of the contract', async () => {
    const { app } = await open()

    const answer = await app.inject('/api/articles?page=2&page_size=1')

    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
    expect(answer.json()).toEqual({
      articles: [
        {
          id: 12,
          title: 'Letter number 12',
          content: '## Monday\n\nThe *post* came late.',
          create_time: '2026-11-12 09:30:00',
          author: 'Ada Vellum',
          summary: 'What arrived this week, and what did not.',
        },
      ],
      total: 13,
    })
  })

  it('counts pages as the contract does', async () => {
    const { app } = await open()
    const pages = {
      '': [13, 12, 11, 10, 9, 8, 7, 6, 5, 4],
      '?page=0&page_size=0': [13, 12, 11, 10, 9, 8, 7, 6, 5, 4],
      '?page=2': [3, 2, 1],
      '?page=3&page_size=4': [5, 4, 3, 2],
      '?page=4': [],
      '?page=2147483647&page_size=2147483647': [],
    }

    for (const [query, ids] of Object.entries(pages)) {
      const { articles, total } = (await app.inject(`/api/articles${query}`)).json()
      expect([query, total, articles.map(({ id }: { id: number }) => id)]).toEqual([query, 13, ids])
    }
  })

  it('makes one call for equal requests, and requests at most a hundred articles', async () => {
    const asked: ArticleListRequest[] = []
    const { app } = await open({
      async articleList(request) {
        asked.push(request)
        return { articles: [], total: 0 }
      },
    })

    for (const query of ['', 'page=0', 'page=1&page_size=10', 'page_size=0']) await app.inject(`/api/articles?${query}`)
    for (const size of [100, 101, 5_000]) await app.inject(`/api/articles?page_size=${size}`)

    expect(asked).toEqual([
      { page: 1, pageSize: 10 },
      { page: 1, pageSize: 100 },
    ])
  })

  it('refuses malformed parameters, and names them', async () => {
    const { app } = await open()
    const refusals = {
      'page=-1': 'querystring/page must be >= 0',
      'page_size=-1': 'querystring/page_size must be >= 0',
      'page=one': 'querystring/page must be integer',
      'page=1.5': 'querystring/page must be integer',
      'page=': 'querystring/page must be integer',
      'page=2147483648': 'querystring/page must be <= 2147483647',
      'page=1&page=2': 'querystring/page must be integer',
    }

    for (const [query, error] of Object.entries(refusals)) {
      const answer = await app.inject(`/api/articles?${query}`)
      expect([query, answer.statusCode, answer.json()]).toEqual([query, 400, { error }])
    }
  })

  it('answers 503 with Retry-After while the service is unavailable', async () => {
    const shop = await openShop()
    opened.defer(shop.close)

    const answer = await shop.app.inject('/api/articles')

    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
    expect(answer.json()).toEqual({ error: 'The journal is out of reach' })
  })

  it('hides the cause of internal errors', async () => {
    const { app } = await open()
    app.addHook('onRequest', async () => {
      throw new Error('password is hunter2')
    })

    const answer = await app.inject('/api/articles')

    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ error: 'The fault is ours' })
  })
})

async function open(handlers: Parameters<typeof fakeArticles>[0] = {}) {
  const shop = await openShopOver([fakeArticles(handlers)])
  opened.defer(shop.close)
  return shop
}
