import { categories, loadCatalogue } from '@books/catalogue'
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Draft } from './article.ts'
import { readFirstArticles } from './first-articles.ts'

let articles: Draft[]
beforeAll(async () => {
  articles = await readFirstArticles()
})

describe('the first articles', () => {
  it('are at least twelve, by several authors, with distinct titles and times, the oldest first', () => {
    const times = articles.map(({ createTime }) => createTime?.getTime() ?? 0)

    expect(articles.length).toBeGreaterThanOrEqual(12)
    expect(new Set(articles.map(({ author }) => author)).size).toBeGreaterThanOrEqual(4)
    expect(new Set(articles.map(({ title }) => title)).size).toBe(articles.length)
    expect(new Set(times).size).toBe(articles.length)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    expect(times).not.toContain(0)
  })

  it('are long enough to read and short enough to finish', () => {
    for (const { slug, content } of articles) {
      const words = content.split(/\s+/).length
      expect([slug, words >= 350 && words <= 800]).toEqual([slug, true])
    }
  })

  it('are Markdown without HTML, and without headings of the first level', () => {
    for (const { slug, content } of articles) expect([slug, content.match(/<[a-z/!]|^# |\t/gim)]).toEqual([slug, null])
  })

  it('link only to existing categories and books', () => {
    const categoryPaths = categories.map((category) => `/categories/${category.toLowerCase().replaceAll('_', '-')}`)
    const books = loadCatalogue().map(({ title, author }) => plain(`${title} ${author}`))

    for (const { content } of articles) {
      for (const [, link = ''] of content.matchAll(/\]\((.*?)\)/g)) {
        const { pathname, searchParams } = new URL(link, 'http://localhost')
        const words = plain(searchParams.get('q') ?? '').split(' ')
        const isThere =
          pathname === '/search'
            ? books.some((book) => words.every((word) => book.includes(word)))
            : categoryPaths.includes(pathname)
        expect([link, isThere]).toEqual([link, true])
      }
    }
  })
})

/** Without capitals and accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
