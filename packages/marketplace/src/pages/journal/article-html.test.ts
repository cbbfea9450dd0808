import { Article } from '@books/proto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fakeArticles } from '../../services.fixture.ts'
import { openShopOver, type TestShop } from '../../shop.fixture.ts'
import { readAtom } from './atom.fixture.ts'
import { faultsIn, splitPage } from './faults.fixture.ts'
import { renderMarkdown } from './markdown.ts'
import { payloads } from './payloads.fixture.ts'

const plain = 'The *post* came late.'
const contents = [plain, ...Object.values(payloads)]
const articles = contents.map((content, index) =>
  Article.fromPartial({ id: index + 1, title: 'Monday', content, createTime: '2026-11-02 09:30:00' }),
)

let shop: TestShop
beforeAll(async () => {
  shop = await openShopOver([
    fakeArticles({
      articleList: async () => ({ articles, total: articles.length }),
      // With one id, so that pages differ only in the article.
      articleDetail: async ({ pk }) => ({ article: Article.fromPartial({ ...articles[pk - 1], id: 1 }) }),
    }),
  ])
})
afterAll(() => shop.close())

describe('a malicious article', () => {
  it.each(Object.entries(payloads))('is sanitized: %s', async (_name, content) => {
    const expected = splitPage(await openArticle(plain))
    const { article, rest } = splitPage(await openArticle(content))

    expect(faultsIn(article)).toEqual([])
    expect(rest).toEqual(expected.rest)
  })

  it('is sanitized in the feed, too', async () => {
    const feed = readAtom((await shop.app.inject('/articles.atom')).body)

    expect(feed.entries).toHaveLength(articles.length)
    expect(feed.entries.flatMap(({ content }) => faultsIn(content))).toEqual([])
  })

  it('would be harmful without sanitizing', () => {
    const harmful = Object.values(payloads).filter((content) => faultsIn(renderMarkdown(content)).length > 0)

    expect(harmful.length).toBeGreaterThanOrEqual(90)
  })
})

describe('an article', () => {
  it.each([
    ['emphasis, code and breaks', '*a* **b** `c`\\\nd', '<p><em>a</em> <strong>b</strong> <code>c</code><br />\nd</p>'],
    ['a quotation', '> Call me Ishmael.', '<blockquote>\n<p>Call me Ishmael.</p>\n</blockquote>'],
    ['a list that begins later', '3. three', '<ol start="3">\n<li>three</li>\n</ol>'],
    ['code as it is written', '```js\nif (a < b) {}\n```', '<pre><code>if (a &lt; b) {}\n</code></pre>'],
    ['a deletion', '~~ten~~ nine', '<p><s>ten</s> nine</p>'],
    ['allowed HTML', 'H<sub>2</sub>O <abbr title="et cetera">etc.</abbr>', undefined],
    ['the description of an image', 'A ![cat on a book](https://cats.example/1.jpg).', '<p>A [cat on a book].</p>'],
    ['nothing for an image without a description', 'A ![](https://cats.example/1.jpg).', '<p>A .</p>'],
    ['special characters of HTML', 'Fish & chips < 3', '<p>Fish &amp; chips &lt; 3</p>'],
  ])('shows %s', async (_what, markdown, html = `<p>${markdown}</p>`) => {
    expect(await proseOf(markdown)).toBe(html)
  })

  it.each([
    ['# One\n\n## Two\n\n### Three', ['h2', 'h3', 'h4']],
    ['## One\n\n### Two\n\n## One', ['h2', 'h3', 'h2']],
    ['### One\n\n##### Two', ['h2', 'h3']],
    ['# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5\n\n###### 6', ['h2', 'h3', 'h4', 'h5', 'h6', 'h6']],
    ['<h1>One</h1>', ['h2']],
  ])('has headings below that of the page: %j', async (markdown, ranks) => {
    const prose = await proseOf(markdown)

    expect([...prose.matchAll(/<(h\d)>/g)].map(([, rank]) => rank)).toEqual(ranks)
  })

  it.each([
    ['to another page', '/search?q=anna', 'href="/search?q=anna"'],
    ['to an article beside it', '7', 'href="/articles/7"'],
    ['to the shop by its URL', 'http://localhost:5000/books/1', 'href="/books/1"'],
    ['to another site', 'https://books.example', 'href="https://books.example/" rel="nofollow noopener"'],
    ['to another site without a scheme', '//books.example', 'href="http://books.example/" rel="nofollow noopener"'],
    ['to a path with two slashes', 'http://localhost:5000//books.example', 'href="/books.example"'],
    ['to a mailbox', 'mailto:ada@books.example', 'href="mailto:ada@books.example" rel="nofollow noopener"'],
  ])('links %s', async (_where, target, attributes) => {
    expect(await proseOf(`[Go](${target})`)).toBe(`<p><a ${attributes}>Go</a></p>`)
  })

  it('is not nested so deep that browsers move its elements', async () => {
    const prose = await proseOf(`${'<i>'.repeat(600)}deep`)

    expect(prose).toContain('deep')
    expect(prose.match(/<i>/g)?.length).toBeLessThan(50)
  })

  it('resolves malformed links as browsers do', async () => {
    const prose = await proseOf('<a href="/\\books.example">Go</a> <a href="http:/\t/books.example">Go</a> <a>Stay</a>')

    const link = '<a href="http://books.example/" rel="nofollow noopener">Go</a>'
    expect(prose).toBe(`<p>${link} ${link} <a>Stay</a></p>`)
  })
})

async function openArticle(content: string): Promise<string> {
  const { body, statusCode } = await shop.app.inject(`/articles/${idOf(content)}`)
  expect(statusCode).toBe(200)
  return body
}

async function proseOf(markdown: string): Promise<string> {
  const page = await openArticle(markdown)
  return /<div class="prose">([\s\S]*?)\s*<\/div>/.exec(page)?.[1] ?? ''
}

function idOf(content: string): number {
  const known = articles.find((article) => article.content === content)
  if (known) return known.id
  return articles.push(Article.fromPartial({ id: articles.length + 1, title: 'Monday', content }))
}
