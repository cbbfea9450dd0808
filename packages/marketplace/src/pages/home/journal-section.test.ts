import { Article } from '@books/proto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeReviews } from '../../reviews.fixture.ts'
import { fakeArticles, fakeInventory, fakeRecommendations } from '../../services.fixture.ts'
import { openShopOver, plainItems } from '../../shop.fixture.ts'
import { sectionOf } from '../pages.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

const others = [fakeRecommendations(), fakeInventory(), fakeReviews()]

describe('the journal on the front page', () => {
  it('shows the latest two articles, and links to the others', async () => {
    const { app } = await open([...others, fakeArticles()])

    const { body } = await app.inject('/')

    const section = sectionOf(body, 'journal')
    expect([...section.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
      '/articles',
      '/articles/13',
      '/articles/12',
    ])
    expect(section).toContain('>Letter number 13</a>')
    expect(section).toContain('13 November 2026')
    expect(section).toContain('What arrived this week, and what did not.')
    expect(body.indexOf('id="journal-heading"')).toBeLessThan(body.indexOf('id="making-heading"'))
    expect(plainItems(body)).toHaveLength(3)
  })

  it('escapes titles and summaries', async () => {
    const article = Article.fromPartial({ id: 1, title: '<i>One</i>', summary: '<b>Two</b>', author: 'A & C' })
    const { app } = await open([fakeArticles({ articleList: async () => ({ articles: [article], total: 1 }) })])

    const section = sectionOf((await app.inject('/')).body, 'journal')

    for (const text of ['&lt;i&gt;One&lt;/i&gt;', '&lt;b&gt;Two&lt;/b&gt;', 'by A &amp; C'])
      expect(section).toContain(text)
  })

  it('is missing while there are no articles', async () => {
    const { app } = await open([...others, fakeArticles({ articleList: async () => ({ articles: [], total: 0 }) })])

    const { body } = await app.inject('/')

    expect(body).not.toContain('journal-heading')
    expect(body).not.toContain('data-fallback')
  })

  it('shows a notice while the service is unavailable, and the rest of the page is unchanged', async () => {
    const whole = await open([...others, fakeArticles()])
    const { app } = await open(others)

    const before = (await whole.app.inject('/')).body
    const after = (await app.inject('/')).body

    expect(after).toContain('data-fallback="articles"')
    expect(sectionOf(after, 'journal')).toContain('The journal is out of reach just now.')
    expect(withoutJournal(after)).toBe(withoutJournal(before))
  })
})

describe('the site map', () => {
  it('lists every article, with one call for a hundred', async () => {
    const articles = Array.from({ length: 230 }, (_, index) => Article.fromPartial({ id: 230 - index }))
    const asked: number[] = []
    const { app } = await open([
      fakeArticles({
        async articleList({ page, pageSize }) {
          asked.push(page)
          return { articles: articles.slice((page - 1) * pageSize, page * pageSize), total: articles.length }
        },
      }),
    ])

    const { body } = await app.inject('/sitemap.xml')

    const named = [...body.matchAll(/<loc>http:\/\/localhost:5000\/articles\/(\d+)<\/loc>/g)].map(([, id]) =>
      Number(id),
    )
    expect(named).toEqual(articles.map(({ id }) => id))
    expect(asked).toEqual([1, 2, 3])
  })
})

async function open(services: Parameters<typeof openShopOver>[0]) {
  const shop = await openShopOver(services)
  opened.defer(shop.close)
  return shop
}

function withoutJournal(html: string): string {
  return html.replace(/<section class="shelf journal-latest"[\s\S]*?<\/section>/, '')
}
