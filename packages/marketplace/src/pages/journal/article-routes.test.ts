import { Article } from '@books/proto'
import { serve } from '@books/rpc/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeArticles } from '../../services.fixture.ts'
import { everythingAt, openShop, openShopOver } from '../../shop.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the journal', () => {
  it('has ten articles on a page, with links between the pages', async () => {
    const { app } = await open()

    const first = (await app.inject('/articles')).body
    const second = (await app.inject('/articles?page=2')).body

    expect([first, second].map(articleIdsIn)).toEqual([
      [13, 12, 11, 10, 9, 8, 7, 6, 5, 4],
      [3, 2, 1],
    ])
    for (const link of ['<link rel="next"', '<a rel="next"'])
      expect(first).toContain(`${link} href="/articles?page&#x3D;2">`)
    expect(first).not.toContain('rel="prev"')
    for (const link of ['<link rel="prev"', '<a rel="prev"']) expect(second).toContain(`${link} href="/articles">`)
    expect(second).not.toContain('rel="next"')
    expect(second).toContain('<link rel="canonical" href="http://localhost:5000/articles?page&#x3D;2">')
    expect(second).toContain('<title>The journal, page 2 · Books</title>')
  })

  it('shows the day, author and summary of each article, and escapes them', async () => {
    const { app } = await open({
      articleList: async () => ({
        articles: [
          article({
            id: 4,
            title: 'Fish & <i>chips</i>',
            author: 'A & C',
            summary: '<b>Salt</b>',
            createTime: '2026-01-02 23:59:59',
          }),
          article({ id: 3, title: 'Undated', createTime: 'some day' }),
        ],
        total: 2,
      }),
    })

    const { body } = await app.inject('/articles')

    expect(body).toContain('<a href="/articles/4">Fish &amp; &lt;i&gt;chips&lt;/i&gt;</a>')
    expect(body).toContain('<time datetime="2026-01-02T23:59:59.000Z">2 January 2026</time>')
    expect(body).toContain('by A &amp; C')
    expect(body).toContain('&lt;b&gt;Salt&lt;/b&gt;')
    expect(body.match(/<time/g)).toHaveLength(1)
    expect(body).not.toContain('class="pagination"')
  })

  it('has no page after the last, and a notice while there are no articles', async () => {
    const { app } = await open()
    const empty = await open({ articleList: async () => ({ articles: [], total: 0 }) })

    expect((await app.inject('/articles?page=3')).statusCode).toBe(404)
    const { statusCode, body } = await empty.app.inject('/articles')
    expect(statusCode).toBe(200)
    expect(body).toContain('Nothing has been written yet.')
    expect(body).not.toContain('data-fallback')
  })

  it('opens while the service is unavailable, with a notice', async () => {
    const shop = await openShop()
    opened.defer(shop.close)

    for (const path of ['/articles', '/articles?page=2']) {
      const { statusCode, body } = await shop.app.inject(path)
      expect(statusCode).toBe(200)
      expect(body).toContain('data-fallback="articles"')
      expect(body).toContain('The journal is out of reach just now.')
    }
  })
})

describe('an article', () => {
  it('has its own page, with its text as HTML', async () => {
    const { app } = await open()

    const { statusCode, headers, body } = await app.inject('/articles/13')

    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(body).toContain('<title>Letter number 13 · Books</title>')
    expect(body).toContain('<meta property="og:type" content="article">')
    expect(body).toContain('<meta name="description" content="What arrived this week, and what did not.">')
    expect(body).toContain('<link rel="canonical" href="http://localhost:5000/articles/13">')
    expect(body.match(/<h1[\s\S]*?<\/h1>/g)).toEqual(['<h1 id="article-heading">Letter number 13</h1>'])
    expect(body).toContain('<h2>Monday</h2>\n<p>The <em>post</em> came late.</p>')
    expect(body).toContain('<time datetime="2026-11-13T09:30:00.000Z">13 November 2026</time>')
    expect(body).toContain('by Ada Vellum')
  })

  it('is not found by an unknown id, and refused for a malformed one', async () => {
    const { app } = await open()
    const codes = { '/articles/14': 404, '/articles/0': 400, '/articles/2147483648': 400, '/articles/monday': 400 }

    for (const [path, code] of Object.entries({ ...codes, '/articles?page=0': 400, '/articles?page=one': 400 })) {
      const { statusCode, headers } = await app.inject(path)
      expect([path, statusCode, headers['content-type']]).toEqual([path, code, 'text/html; charset=utf-8'])
    }
  })

  it('is not found where the answer has no article', async () => {
    const { app } = await open({ articleDetail: async () => ({ article: undefined }) })

    expect((await app.inject('/articles/1')).statusCode).toBe(404)
  })

  it('opens while the service is unavailable, with a notice, and is not indexed', async () => {
    const shop = await openShop()
    opened.defer(shop.close)

    const { statusCode, body } = await shop.app.inject('/articles/13')

    expect(statusCode).toBe(200)
    expect(body).toContain('data-fallback="articles"')
    expect(body).toContain('This article is out of reach')
    expect(body).toContain('<meta name="robots" content="noindex">')
  })
})

describe('the cached journal', () => {
  it.each(['/articles', '/articles/13'])(
    'is shown at %s while the service is unavailable, and marked',
    async (path) => {
      const server = await serve([fakeArticles()])
      opened.defer(server.stop)
      const shop = await openShop({ ...everythingAt(server.port), FRESH_MS: 1, STALE_MS: 1, ARTICLES_DEADLINE_MS: 200 })
      opened.defer(shop.close)

      const before = await shop.app.inject(path)
      await server.stop()
      const after = await shop.app.inject(path)

      expect(before.body).not.toContain('data-fallback')
      expect(after.statusCode).toBe(200)
      expect(after.body).toContain(' data-fallback="articles"')
      expect(after.body.replace(' data-fallback="articles"', '')).toBe(before.body)
    },
  )
})

async function open(handlers: Parameters<typeof fakeArticles>[0] = {}) {
  const shop = await openShopOver([fakeArticles(handlers)])
  opened.defer(shop.close)
  return shop
}

function articleIdsIn(html: string): number[] {
  return [...html.matchAll(/<h2 class="card-title"><a href="\/articles\/(\d+)">/g)].map(([, id]) => Number(id))
}

function article(facts: Partial<Article>): Article {
  return Article.fromPartial(facts)
}
