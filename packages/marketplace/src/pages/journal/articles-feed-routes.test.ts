import { Article } from '@books/proto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeArticles } from '../../services.fixture.ts'
import { openShop, openShopOver } from '../../shop.fixture.ts'
import { readAtom } from './atom.fixture.ts'

let opened: AsyncDisposableStack
beforeEach(() => {
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

describe('the feed', () => {
  it('is Atom: the latest ten articles, each with an id, its times, its author and all its text', async () => {
    const { app } = await open()

    const { headers, body } = await app.inject('/articles.atom')

    expect(headers['content-type']).toBe('application/atom+xml; charset=utf-8')
    const { fields, links, entries } = readAtom(body)
    expect(fields).toMatchObject({
      id: 'https://books.example/articles',
      title: 'The journal of Books',
      updated: '2026-11-13T09:30:00.000Z',
      author: 'Books',
    })
    expect(links).toEqual({
      self: 'https://books.example/articles.atom',
      alternate: 'https://books.example/articles',
    })
    expect(entries).toHaveLength(10)
    expect(entries[1]).toEqual({
      id: 'https://books.example/articles/12',
      link: 'https://books.example/articles/12',
      title: 'Letter number 12',
      published: '2026-11-12T09:30:00.000Z',
      updated: '2026-11-12T09:30:00.000Z',
      author: 'Ada Vellum',
      summary: 'What arrived this week, and what did not.',
      contentType: 'html',
      content: '<h2>Monday</h2>\n<p>The <em>post</em> came late.</p>\n',
    })
  })

  it('has absolute links', async () => {
    const content = '[a](/books/1) [b](2) [c](https://elsewhere.example/x) [d](https://books.example/taste)'
    const { app } = await open([article({ content })])

    const [entry] = readAtom((await app.inject('/articles.atom')).body).entries

    expect([...(entry?.content ?? '').matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
      'https://books.example/books/1',
      'https://books.example/articles/2',
      'https://elsewhere.example/x',
      'https://books.example/taste',
    ])
  })

  it('is well-formed whatever an article contains', async () => {
    const hostile = `]]> & &nbsp; &#1; <b attribute='"'>\u0000\u0001\u000B\uFFFE\uFFFF\u{1F4DA}</b> <!-- <![CDATA[ <?xml`
    const { app } = await open([article({ title: hostile, author: hostile, summary: hostile, content: hostile })])

    const [entry] = readAtom((await app.inject('/articles.atom')).body).entries

    const text = `]]> & &nbsp; &#1; <b attribute='"'>\u{1F4DA}</b> <!-- <![CDATA[ <?xml`
    expect(entry).toMatchObject({ title: text, author: text, summary: text })
    expect(entry?.content).toBe('<p>]]&gt; &amp; \u00A0 � <b>�\u{1F4DA}</b> &lt;!-- &lt;![CDATA[ &lt;?xml</p>\n')
  })

  it('is valid without articles, and names an author and a time where an article does not', async () => {
    const empty = await open([])
    const { app } = await open([article({ title: 'Undated', createTime: 'some day' })])

    const nothing = readAtom((await empty.app.inject('/articles.atom')).body)
    const [entry] = readAtom((await app.inject('/articles.atom')).body).entries

    expect(nothing.entries).toEqual([])
    expect(nothing.fields['updated']).toBe('1970-01-01T00:00:00.000Z')
    expect(entry).toMatchObject({ author: 'Books', updated: '1970-01-01T00:00:00.000Z' })
  })

  it('answers 503 with Retry-After while the service is unavailable, so that feed readers keep what they have', async () => {
    const shop = await openShop()
    opened.defer(shop.close)

    const { statusCode, headers } = await shop.app.inject('/articles.atom')

    expect([statusCode, headers['retry-after']]).toEqual([503, '5'])
  })

  it('is linked from every page', async () => {
    const { app } = await open()

    for (const path of ['/', '/articles', '/articles/1', '/taste'])
      expect((await app.inject(path)).body).toContain(
        '<link rel="alternate" type="application/atom+xml" title="The journal of Books" href="/articles.atom">',
      )
  })
})

function article(facts: Partial<Article>): Article {
  return Article.fromPartial({ id: 1, ...facts })
}

async function open(articles?: Article[]) {
  const handlers = articles && { articleList: async () => ({ articles, total: articles.length }) }
  const shop = await openShopOver([fakeArticles(handlers)], { PUBLIC_URL: 'https://books.example' })
  opened.defer(shop.close)
  return shop
}
