import { afterEach, describe, expect, it } from '@jest/globals'
import { fakeArticles } from '../services.fixture.ts'
import { openShop, openShopOver } from '../shop.fixture.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

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

  it.each([
    ['', [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]],
    ['?page=0&page_size=0', [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]],
    ['?page=2', [3, 2, 1]],
    ['?page=3&page_size=4', [5, 4, 3, 2]],
    ['?page=4', []],
    ['?page=2147483647&page_size=2147483647', []],
  ])('counts pages as the contract does: "%s"', async (query, ids) => {
    const { app } = await open()

    const { articles, total } = (await app.inject(`/api/articles${query}`)).json()

    expect(articles.map(({ id }: { id: number }) => id)).toEqual(ids)
    expect(total).toBe(13)
  })

  it('gives no more than a hundred at once', async () => {
    const asked: number[] = []
    const { app } = await open({
      async articleList({ pageSize }) {
        asked.push(pageSize)
        return { articles: [], total: 0 }
      },
    })

    for (const size of [100, 101, 5_000]) await app.inject(`/api/articles?page_size=${size}`)

    // What means the same is remembered as one.
    expect(asked).toEqual([100])
  })

  it.each([
    ['page=-1', 'querystring/page must be >= 0'],
    ['page_size=-1', 'querystring/page_size must be >= 0'],
    ['page=one', 'querystring/page must be integer'],
    ['page=1.5', 'querystring/page must be integer'],
    ['page=', 'querystring/page must be integer'],
    ['page=2147483648', 'querystring/page must be <= 2147483647'],
    ['page=1&page=2', 'querystring/page must be integer'],
  ])('refuses %s', async (query, error) => {
    const { app } = await open()

    const answer = await app.inject(`/api/articles?${query}`)

    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'application/json; charset=utf-8'])
    expect(answer.json()).toEqual({ error })
  })

  it('tells programs to come back while the service is away', async () => {
    const shop = await openShop()
    closers.push(shop.close)

    const answer = await shop.app.inject('/api/articles')

    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5'])
    expect(answer.json()).toEqual({ error: 'The journal is out of reach' })
  })

  it('hides what went wrong inside', async () => {
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
  closers.push(shop.close)
  return shop
}
